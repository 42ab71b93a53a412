#include "store/opensearch/raw_json.hpp"

#include <cstddef>

namespace brood::store::opensearch {
namespace {

constexpr auto kNone = std::string_view::npos;

std::size_t SkipBlanks(std::string_view text, std::size_t at) { return text.find_first_not_of(" \t\r\n", at); }

/// One past the string that begins at `at`: past the next quote with an even number of backslashes before it.
std::size_t EndOfString(std::string_view text, std::size_t at) {
  const std::size_t begin = at + 1;
  for (at = begin;; ++at) {
    at = text.find('"', at);
    if (at == kNone) return kNone;
    std::size_t before = at;
    while (before > begin && text[before - 1] == '\\') --before;
    if ((at - before) % 2 == 0) return at + 1;
  }
}

/// One past the object or list that begins at `at`.
std::size_t EndOfNested(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = EndOfString(text, at);
      if (at == kNone) return kNone;
      continue;
    }
    ++at;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return at;
  }
  return kNone;
}

std::size_t EndOfValue(std::string_view text, std::size_t at) {
  if (at >= text.size()) return kNone;
  if (text[at] == '"') return EndOfString(text, at);
  if (text[at] == '{' || text[at] == '[') return EndOfNested(text, at);
  const std::size_t end = text.find_first_of(",}] \t\r\n", at);
  return end == at ? kNone : end;
}

/// Goes through what stands between the brackets: `read(at)` gives one past an element.
template <class Read>
bool Each(std::string_view text, char opening, char closing, const Read& read) {
  std::size_t at = SkipBlanks(text, 0);
  if (at == kNone || text[at] != opening) return false;
  at = SkipBlanks(text, at + 1);
  if (at != kNone && text[at] == closing) return true;
  while (at != kNone) {
    at = read(at);
    if (at != kNone) at = SkipBlanks(text, at);
    if (at == kNone) return false;
    if (text[at] == closing) return true;
    if (text[at] != ',') return false;
    at = SkipBlanks(text, at + 1);
  }
  return false;
}

}  // namespace

std::optional<Members> MembersOf(std::string_view object) {
  Members members;
  const bool fine = Each(object, '{', '}', [&](std::size_t at) -> std::size_t {
    if (object[at] != '"') return kNone;
    const std::size_t key_end = EndOfString(object, at);
    if (key_end == kNone) return kNone;
    const std::size_t colon = SkipBlanks(object, key_end);
    if (colon == kNone || object[colon] != ':') return kNone;
    const std::size_t value = SkipBlanks(object, colon + 1);
    const std::size_t end = EndOfValue(object, value);
    if (end == kNone) return kNone;
    members.emplace_back(object.substr(at + 1, key_end - at - 2), object.substr(value, end - value));
    return end;
  });
  if (!fine) return std::nullopt;
  return members;
}

std::optional<std::vector<std::string_view>> ItemsOf(std::string_view list) {
  std::vector<std::string_view> items;
  const bool fine = Each(list, '[', ']', [&](std::size_t at) -> std::size_t {
    const std::size_t end = EndOfValue(list, at);
    if (end != kNone) items.push_back(list.substr(at, end - at));
    return end;
  });
  if (!fine) return std::nullopt;
  return items;
}

std::string_view MemberOf(std::string_view object, std::string_view key) {
  const auto members = MembersOf(object);
  if (!members) return {};
  for (const auto& [name, value] : *members) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace brood::store::opensearch
