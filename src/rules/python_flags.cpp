#include "rules/python_flags.hpp"

#include <fmt/format.h>

namespace brood::rules {
namespace {

tl::unexpected<RegexError> Fail(const char* what, std::size_t at) { return Unexpected(RegexError{what, at}); }

Expected<std::string, RegexError> ReadLetters(RegexCursor& cursor) {
  std::string letters;
  while (IsRegexFlag(cursor.Peek())) letters += static_cast<char>(cursor.Next());
  if (letters.find('L') != std::string::npos) {
    return Fail("bad inline flags: cannot use 'L' flag with text", cursor.at - 1);
  }
  return letters;
}

bool Has(const std::string& letters, char flag) { return letters.find(flag) != std::string::npos; }

std::uint32_t Global(const std::string& letters) {
  std::uint32_t flags = 0;
  if (Has(letters, 'i')) flags |= TranslatedRegex::kIgnoreCase;
  if (Has(letters, 'm')) flags |= TranslatedRegex::kMultiline;
  if (Has(letters, 's')) flags |= TranslatedRegex::kDotAll;
  if (Has(letters, 'a')) flags |= TranslatedRegex::kAscii;
  return flags;
}

/// The letters that mean the same to PCRE2, each once.
std::string Shared(const std::string& letters) {
  std::string shared;
  for (const char flag : {'i', 'm', 's'}) {
    if (Has(letters, flag)) shared += flag;
  }
  return shared;
}

Expected<RegexFlags, RegexError> GroupFlags(const std::string& on, const std::string& off, std::size_t at,
                                            std::uint32_t flags_so_far) {
  if (Has(off, 'a') || Has(off, 'u')) return Fail("bad inline flags: cannot turn off flags 'a' and 'u'", at);
  for (const char flag : {'i', 'm', 's', 'x'}) {
    if (Has(on, flag) && Has(off, flag)) return Fail("bad inline flags: flag turned on and off", at);
  }
  const bool ascii = (flags_so_far & TranslatedRegex::kAscii) != 0;
  if ((Has(on, 'a') && !ascii) || (Has(on, 'u') && ascii)) {
    return Fail("the flags 'a' and 'u' can be set for the whole expression only, at its start", at);
  }
  RegexFlags flags{RegexFlags::Scope::kGroup, 0, "(?", Has(on, 'x'), Has(off, 'x')};
  flags.opening += Shared(on);
  if (!Shared(off).empty()) flags.opening += "-" + Shared(off);
  flags.opening += ':';
  return flags;
}

}  // namespace

bool IsRegexFlag(char32_t c) { return std::u32string_view(U"aiLmsux").find(c) != std::u32string_view::npos; }

Expected<RegexFlags, RegexError> ReadRegexFlags(RegexCursor& cursor, std::uint32_t flags_so_far) {
  const std::size_t begin = cursor.at;
  const auto on = ReadLetters(cursor);
  if (!on) return Unexpected(on.error());
  if (Has(*on, 'a') && Has(*on, 'u'))
    return Fail("bad inline flags: flags 'a' and 'u' are incompatible", begin);
  if (cursor.Take(U')')) {
    return RegexFlags{RegexFlags::Scope::kExpression, Global(*on), {}, Has(*on, 'x'), false};
  }
  std::string off;
  if (cursor.Take(U'-')) {
    const auto letters = ReadLetters(cursor);
    if (!letters) return Unexpected(letters.error());
    if (letters->empty()) return Fail("missing flag", cursor.at);
    off = *letters;
  } else if (cursor.Peek() != U':') {
    return Fail("unknown flag, or missing -, : or )", cursor.at);
  }
  if (!cursor.Take(U':')) return Fail("missing :", cursor.at);
  return GroupFlags(*on, off, begin, flags_so_far);
}

}  // namespace brood::rules
