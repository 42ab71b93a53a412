#include "model/raw_members.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace brood::model {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

/// One past the string that begins at `at`.
std::size_t EndOfString(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// One past the value that begins at `at`.
std::size_t EndOfValue(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = EndOfString(text, at);
      if (depth == 0) return at;
      continue;
    }
    const bool closes = c == '}' || c == ']';
    if (depth == 0 && (closes || c == ',' || kSpace.find(c) != std::string_view::npos)) return at;
    if (c == '{' || c == '[') ++depth;
    ++at;
    if (closes && --depth == 0) return at;
  }
  return at;
}

}  // namespace

std::map<std::string, std::string_view> RawMembers(std::string_view object) {
  std::map<std::string, std::string_view> members;
  std::size_t at = object.find('{') + 1;
  for (;;) {
    at = object.find_first_not_of(", \t\r\n", at);
    if (object[at] == '}') return members;
    const std::size_t key_end = EndOfString(object, at);
    const auto key = boost::json::parse(boost::json::string_view(object.data() + at, key_end - at));
    const std::size_t value = object.find_first_not_of(": \t\r\n", key_end);
    at = EndOfValue(object, value);
    members[std::string(key.get_string())] = object.substr(value, at - value);
  }
}

}  // namespace brood::model
