#include "crits/literal.hpp"

#include <fmt/format.h>

namespace brood::crits {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

void AppendCharacter(std::string& out, char c) {
  switch (c) {
    case '\0':
      out += kReplacement;
      return;
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code < 0x20)
    out += fmt::format("\\x{:02x}", code);
  else
    out += c;
}

}  // namespace

void AppendLiteral(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) AppendCharacter(out, c);
  out += '"';
}

void AppendLiteral(std::string& out, std::int64_t number) { out += std::to_string(number); }

void Members::Key(std::string_view key) {
  if (!members_.empty()) members_ += ',';
  AppendLiteral(members_, key);
  members_ += ':';
}

Members& Members::Add(std::string_view key, std::string_view text) {
  Key(key);
  AppendLiteral(members_, text);
  return *this;
}

Members& Members::Add(std::string_view key, std::int64_t number) {
  Key(key);
  AppendLiteral(members_, number);
  return *this;
}

Members& Members::AddLiteral(std::string_view key, std::string_view literal) {
  Key(key);
  members_ += literal;
  return *this;
}

}  // namespace brood::crits
