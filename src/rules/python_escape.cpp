#include "rules/python_escape.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/utf8.hpp"

namespace brood::rules {
namespace {

using Kind = RegexEscape::Kind;
using Result = Expected<RegexEscape, RegexError>;

constexpr char32_t kLastCodePoint = 0x10FFFF;

bool IsOctal(char32_t c) { return c >= '0' && c <= '7'; }

std::optional<std::uint32_t> HexDigit(char32_t c) {
  if (IsRegexDigit(c)) return c - U'0';
  if (c >= 'a' && c <= 'f') return c - U'a' + 10;
  if (c >= 'A' && c <= 'F') return c - U'A' + 10;
  return std::nullopt;
}

/// The escape's text from its backslash up to the cursor, for messages.
std::string Written(const RegexCursor& cursor, std::size_t begin) {
  std::string text;
  for (const char32_t c : cursor.text.substr(begin, cursor.at - begin)) AppendUtf8(text, c);
  return text;
}

tl::unexpected<RegexError> Bad(const RegexCursor& cursor, std::size_t begin, const char* what) {
  return Unexpected(RegexError{fmt::format("{} {}", what, Written(cursor, begin)), begin});
}

Result ReadHex(RegexCursor& cursor, std::size_t begin, int digits) {
  char32_t value = 0;
  for (int i = 0; i < digits; ++i) {
    const auto digit = HexDigit(cursor.Peek());
    if (!digit) return Bad(cursor, begin, "incomplete escape");
    value = value << 4 | *digit;
    cursor.Next();
  }
  if (value > kLastCodePoint) return Bad(cursor, begin, "bad escape");
  if (value >= 0xD800 && value <= 0xDFFF) return Bad(cursor, begin, "no text of a report has the surrogate");
  return RegexEscape{Kind::kLiteral, value};
}

/// Digits behind a backslash: octal with a leading 0 or three digits, else the number of a group.
Result ReadNumber(RegexCursor& cursor, std::size_t begin, EscapePlace place) {
  const char32_t first = cursor.Next();
  char32_t octal = first - U'0';
  std::size_t digits = 1;
  const auto more = [&](std::size_t ahead) {
    return cursor.at + ahead < cursor.text.size() ? cursor.text[cursor.at + ahead] : RegexCursor::kEnd;
  };
  const bool three = IsOctal(first) && IsOctal(more(0)) && IsOctal(more(1));
  if (place == EscapePlace::kInSet ? IsOctal(first) : (first == U'0' || three)) {
    for (; digits < 3 && IsOctal(cursor.Peek()); ++digits) octal = octal * 8 + (cursor.Next() - U'0');
    if (octal > 0377) return Bad(cursor, begin, "octal escape value outside of range 0-0o377:");
    return RegexEscape{Kind::kLiteral, octal};
  }
  if (place == EscapePlace::kInSet) return Bad(cursor, begin, "bad escape");
  char32_t group = first - U'0';
  if (IsRegexDigit(cursor.Peek())) group = group * 10 + (cursor.Next() - U'0');
  return RegexEscape{Kind::kBackReference, group};
}

std::optional<char32_t> ControlEscape(char32_t c) {
  switch (c) {
    case U'a':
      return U'\a';
    case U'f':
      return U'\f';
    case U'n':
      return U'\n';
    case U'r':
      return U'\r';
    case U't':
      return U'\t';
    case U'v':
      return U'\v';
    default:
      return std::nullopt;
  }
}

bool IsAsciiLetter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Expected<RegexEscape, RegexError> ReadEscape(RegexCursor& cursor, EscapePlace place) {
  const std::size_t begin = cursor.at - 1;
  if (cursor.Done()) return Unexpected(RegexError{"bad escape (end of pattern)", begin});
  if (IsRegexDigit(cursor.Peek())) return ReadNumber(cursor, begin, place);
  const char32_t c = cursor.Next();
  const bool in_set = place == EscapePlace::kInSet;
  if (const auto control = ControlEscape(c)) return RegexEscape{Kind::kLiteral, *control};
  if (c == U'x') return ReadHex(cursor, begin, 2);
  if (c == U'u') return ReadHex(cursor, begin, 4);
  if (c == U'U') return ReadHex(cursor, begin, 8);
  if (c == U'N') return Bad(cursor, begin, "characters by name are not known here, write \\uHHHH instead of");
  if (std::u32string_view(U"dDsSwW").find(c) != std::u32string_view::npos) return RegexEscape{Kind::kClass, c};
  if (c == U'b' && in_set) return RegexEscape{Kind::kLiteral, U'\b'};
  if (std::u32string_view(U"AZbB").find(c) != std::u32string_view::npos && !in_set) {
    return RegexEscape{Kind::kAnchor, c};
  }
  if (IsAsciiLetter(c)) return Bad(cursor, begin, "bad escape");
  return RegexEscape{Kind::kLiteral, c};
}

}  // namespace brood::rules
