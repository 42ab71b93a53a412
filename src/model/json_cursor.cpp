#include "model/json_cursor.hpp"

#include <algorithm>
#include <cstring>

#include "model/json_string.hpp"

namespace brood::model {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

JsonCursor::Kind JsonCursor::Next() {
  const char c = Peek();
  switch (c) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kList;
    case '"':
      return Kind::kText;
    case 't':
    case 'f':
      return Kind::kBool;
    case 'n':
      return Kind::kNull;
    default:
      return IsDigit(c) || c == '-' ? Kind::kNumber : Kind::kNothing;
  }
}

std::string_view JsonCursor::Text() {
  const StrictText read = ReadText(at_ + 1, end_, decoded_);
  if (!read.problem.empty()) {
    Fail(read.problem);
    return {};
  }
  at_ = read.behind + 1;
  return read.text;
}

std::string_view JsonCursor::Number() {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  if (at_ < end_ && *at_ == '0')
    ++at_;
  else
    Digits();
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    Digits();
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    Digits();
  }
  return failed() ? std::string_view() : std::string_view(begin, static_cast<std::size_t>(at_ - begin));
}

void JsonCursor::Digits() {
  const char* const digits = at_;
  at_ = std::find_if_not(at_, end_, IsDigit);
  if (at_ == digits) Fail("a number that is none");
}

bool JsonCursor::Bool() {
  const bool value = *at_ == 't';
  Literal(value ? "true" : "false");
  return value && !failed();
}

void JsonCursor::Literal(std::string_view word) {
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
    return Fail("a word that JSON does not know");
  at_ += word.size();
}

void JsonCursor::Skip() {
  switch (Next()) {
    case Kind::kObject:
      return Object([this](std::string_view) { Skip(); });
    case Kind::kList:
      return List([this] { Skip(); });
    case Kind::kText:
      (void)Text();
      return;
    case Kind::kNumber:
      (void)Number();
      return;
    case Kind::kBool:
      (void)Bool();
      return;
    case Kind::kNull:
      return Literal("null");
    case Kind::kNothing:
      return Fail("a value is missing");
  }
}

void JsonCursor::PassText() {
  const char* const begin = at_ + 1;
  for (const char* from = begin;;) {
    const auto* quote = static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end_ - from)));
    if (quote == nullptr) return Fail("a text that does not end");
    const char* escapes = quote;
    while (escapes > begin && escapes[-1] == '\\') --escapes;
    from = quote + 1;
    if ((quote - escapes) % 2 != 0) continue;
    at_ = from;
    return;
  }
}

void JsonCursor::Pass() {
  const Kind kind = Next();
  if (kind == Kind::kText) return PassText();
  if (kind != Kind::kList && kind != Kind::kObject) return Skip();
  for (std::size_t open = 0; at_ < end_ && !failed();) {
    if (*at_ == '"') {
      PassText();
      continue;
    }
    const char c = *at_++;
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && --open == 0) return;
  }
  Fail("brackets that do not close");
}

void JsonCursor::End() {
  if (Peek() != '\0' || at_ != end_) Fail("more behind the document's end");
}

/// The next character that is no blank; a NUL where there is none, or after an error.
char JsonCursor::Peek() {
  if (failed()) return '\0';
  while (at_ < end_ && IsBlank(*at_)) ++at_;
  return at_ < end_ ? *at_ : '\0';
}

bool JsonCursor::Take(char wanted) {
  if (Peek() != wanted) return false;
  ++at_;
  return true;
}

bool JsonCursor::Open(char bracket) {
  first_ = true;
  if (++depth_ > kMaxDepth) Fail("nested too deep");
  return Take(bracket);
}

/// Whether one more member or item comes, before the bracket that closes.
bool JsonCursor::Goes(char closing) {
  if (failed()) return false;
  const bool first = first_;
  first_ = false;
  if (Take(closing)) {
    --depth_;
    return false;
  }
  if (first || Take(',')) return true;
  Fail("a comma is missing");
  return false;
}

}  // namespace brood::model
