#include "rules/pcre_text.hpp"
#include "rules/python_escape.hpp"

namespace brood::rules {
namespace {

using Kind = RegexEscape::Kind;

// Python's str.isspace; PCRE2's \s has U+180E too and lacks U+001C to U+001F.
constexpr std::string_view kSpace =
    R"(\x09-\x0d\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";
constexpr std::string_view kNoSpace =
    R"(\x00-\x08\x0e-\x1b\x21-\x84\x86-\x9f\xa1-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e})"
    R"(\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff})";

/// One member of a set, or an end of a range.
Expected<RegexEscape, RegexError> ReadMember(RegexCursor& cursor) {
  const char32_t c = cursor.Next();
  if (c == U'\\') return ReadEscape(cursor, EscapePlace::kInSet);
  return RegexEscape{Kind::kLiteral, c};
}

void Append(std::string& out, const RegexEscape& member, std::uint32_t flags) {
  if (member.kind == Kind::kLiteral) {
    AppendLiteral(out, member.value);
  } else {
    out += ClassInSet(member.value, flags);
  }
}

}  // namespace

std::string_view ClassInSet(char32_t letter, std::uint32_t flags) {
  const bool ascii = (flags & TranslatedRegex::kAscii) != 0;
  switch (letter) {
    case U'd':
      return R"(\d)";
    case U'D':
      return R"(\D)";
    case U'w':
      return R"(\w)";
    case U'W':
      return R"(\W)";
    case U's':
      return ascii ? R"(\s)" : kSpace;
    default:
      return ascii ? R"(\S)" : kNoSpace;
  }
}

Expected<std::string, RegexError> TranslateRegexSet(RegexCursor& cursor, std::uint32_t flags) {
  const std::size_t begin = cursor.at - 1;
  const auto unterminated = [&] { return Unexpected(RegexError{"unterminated character set", begin}); };
  std::string out = cursor.Take(U'^') ? "[^" : "[";
  for (bool first = true; first || cursor.Peek() != U']'; first = false) {
    if (cursor.Done()) return unterminated();
    const std::size_t member_begin = cursor.at;
    const auto low = ReadMember(cursor);
    if (!low) return Unexpected(low.error());
    Append(out, *low, flags);
    if (!cursor.Take(U'-')) continue;
    if (cursor.Done()) return unterminated();
    if (cursor.Peek() == U']') {
      out += "\\-";
      break;
    }
    const auto high = ReadMember(cursor);
    if (!high) return Unexpected(high.error());
    if (low->kind != Kind::kLiteral || high->kind != Kind::kLiteral || high->value < low->value) {
      return Unexpected(RegexError{"bad character range", member_begin});
    }
    out += '-';
    Append(out, *high, flags);
  }
  cursor.Next();
  return out + "]";
}

}  // namespace brood::rules
