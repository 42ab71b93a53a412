#include "rules/pcre_text.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/utf8.hpp"

namespace brood::rules {
namespace {

bool IsPlain(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

char32_t Decode(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  const std::size_t length = character.size();
  if (length == 1) return byte(0);
  char32_t code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3FU);
  return code;
}

}  // namespace

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, Utf8CharacterLength(text));
    points += Decode(text.substr(0, length));
    text.remove_prefix(length);
  }
  return points;
}

void AppendLiteral(std::string& pattern, char32_t character) {
  if (IsPlain(character)) {
    pattern += static_cast<char>(character);
  } else if (character > 0x20 && character < 0x7F) {
    pattern += '\\';
    pattern += static_cast<char>(character);
  } else {
    fmt::format_to(std::back_inserter(pattern), "\\x{{{:x}}}", static_cast<std::uint32_t>(character));
  }
}

void AppendLiteral(std::string& pattern, std::u32string_view characters) {
  for (const char32_t character : characters) AppendLiteral(pattern, character);
}

}  // namespace brood::rules
