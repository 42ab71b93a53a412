#include "rules/prepared_pattern.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "rules/fnmatch.hpp"
#include "rules/hyperscan.hpp"
#include "rules/pcre_text.hpp"
#include "rules/scan_plan.hpp"

namespace brood::rules {
namespace {

constexpr std::string_view kRegexPrefix = "!REGEX!";
constexpr std::size_t kLongestPattern = std::size_t{64} << 10;

static_assert(std::uint32_t{Pcre::kCaseless} == TranslatedRegex::kIgnoreCase &&
              std::uint32_t{Pcre::kMultiline} == TranslatedRegex::kMultiline &&
              std::uint32_t{Pcre::kDotAll} == TranslatedRegex::kDotAll &&
              std::uint32_t{Pcre::kAscii} == TranslatedRegex::kAscii);

std::uint32_t CaseFlag(LetterCase letter_case) {
  return letter_case == LetterCase::kIgnored ? std::uint32_t{Pcre::kCaseless} : 0;
}

std::string BadRegex(const std::string& message, std::size_t position) {
  return fmt::format("bad regex: {} at position {}", message, position);
}

Expected<PreparedPattern, std::string> PrepareRegex(const TextPattern& pattern) {
  auto translated = TranslatePythonRegex(std::string_view(pattern.text).substr(kRegexPrefix.size()));
  if (!translated) return Unexpected(BadRegex(translated.error().what, translated.error().offset));
  translated->flags |= CaseFlag(pattern.letter_case);
  return PreparedPattern{std::move(*translated), {}, true};
}

PreparedPattern PrepareWildcard(const TextPattern& pattern) {
  std::string text, plain;
  if (pattern.syntax == TextPattern::Syntax::kVerbatim) {
    AppendLiteral(text, CodePoints(pattern.text));
    plain = text = "\\A" + text + "\\z";
  } else {
    text = TranslateFnmatch(pattern.text);
    plain = TranslateFnmatchPlainly(pattern.text);
  }
  const std::uint32_t flags = Pcre::kDotAll | CaseFlag(pattern.letter_case);
  return {{std::move(text), flags, {}}, std::move(plain), false};
}

}  // namespace

bool IsRegex(const TextPattern& pattern) {
  return pattern.syntax == TextPattern::Syntax::kWildcardOrRegex && pattern.text.starts_with(kRegexPrefix);
}

std::optional<std::string> ExactText(const TextPattern& pattern) {
  if (pattern.letter_case == LetterCase::kIgnored || IsRegex(pattern)) return std::nullopt;
  return pattern.syntax == TextPattern::Syntax::kVerbatim ? pattern.text : FnmatchLiteral(pattern.text);
}

std::string PreparedPattern::Describe(const PcreError& error) const {
  return is_regex ? BadRegex(error.message, search.Origin(error.offset))
                  : "the wildcard is too large: " + error.message;
}

WideExpression PreparedPattern::Wide(Texts texts) const {
  return Widen(is_regex ? search.pattern : plain, search.flags, texts);
}

Expected<PreparedPattern, std::string> Prepare(const TextPattern& pattern) {
  if (pattern.text.size() > kLongestPattern) {
    return Unexpected(
        fmt::format("a pattern may have {} bytes, this one has {}", kLongestPattern, pattern.text.size()));
  }
  return IsRegex(pattern) ? PrepareRegex(pattern) : PrepareWildcard(pattern);
}

std::string PatternsKey(std::span<const PreparedPattern> patterns) {
  Sha256 digest;
  digest.Update(fmt::format("{} {} {} {}\n", ScanPlan::kFormat, ScanEngine(), PcreVersion(), patterns.size()));
  for (const PreparedPattern& pattern : patterns) {
    const TranslatedRegex& search = pattern.search;
    digest.Update(fmt::format("{} {} {}\n", search.flags, pattern.is_regex, search.pattern.size()));
    digest.Update(search.pattern);
  }
  return digest.FinishHex();
}

}  // namespace brood::rules
