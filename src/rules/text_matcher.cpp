#include "rules/text_matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "rules/fnmatch.hpp"
#include "rules/pcre_text.hpp"
#include "rules/python_regex.hpp"

namespace brood::rules {
namespace {

using Syntax = TextPattern::Syntax;
using Outcome = Pcre::Outcome;

constexpr std::string_view kRegexPrefix = "!REGEX!";
constexpr std::size_t kLongestPattern = std::size_t{64} << 10;
constexpr std::size_t kShownDatum = 120;

static_assert(std::uint32_t{Pcre::kCaseless} == TranslatedRegex::kIgnoreCase &&
              std::uint32_t{Pcre::kMultiline} == TranslatedRegex::kMultiline &&
              std::uint32_t{Pcre::kDotAll} == TranslatedRegex::kDotAll &&
              std::uint32_t{Pcre::kAscii} == TranslatedRegex::kAscii);

std::uint32_t CaseFlag(LetterCase letter_case) {
  return letter_case == LetterCase::kIgnored ? std::uint32_t{Pcre::kCaseless} : 0;
}

bool IsRegex(const TextPattern& pattern) {
  return pattern.syntax == Syntax::kWildcardOrRegex && pattern.text.starts_with(kRegexPrefix);
}

/// The one text that the pattern stands for, where a look-up can find it.
std::optional<std::string> ExactText(const TextPattern& pattern) {
  if (pattern.letter_case == LetterCase::kIgnored || IsRegex(pattern)) return std::nullopt;
  return pattern.syntax == Syntax::kVerbatim ? pattern.text : FnmatchLiteral(pattern.text);
}

std::string Describe(const std::string& message, std::size_t position) {
  return fmt::format("bad regex: {} at position {}", message, position);
}

Expected<Pcre, std::string> CompileRegex(const TextPattern& pattern) {
  auto translated = TranslatePythonRegex(std::string_view(pattern.text).substr(kRegexPrefix.size()));
  if (!translated) return Unexpected(Describe(translated.error().what, translated.error().offset));
  return Pcre::Compile(translated->pattern, translated->flags | CaseFlag(pattern.letter_case))
      .map_error([&](const PcreError& e) { return Describe(e.message, translated->Origin(e.offset)); });
}

Expected<Pcre, std::string> CompileWildcard(const TextPattern& pattern) {
  std::string text;
  if (pattern.syntax == Syntax::kVerbatim) {
    AppendLiteral(text, CodePoints(pattern.text));
    text = "\\A" + text + "\\z";
  } else {
    text = TranslateFnmatch(pattern.text);
  }
  return Pcre::Compile(text, Pcre::kDotAll | CaseFlag(pattern.letter_case)).map_error([](const PcreError& e) {
    return "the wildcard is too large: " + e.message;
  });
}

Expected<Pcre, std::string> CompileSearched(const TextPattern& pattern) {
  if (pattern.text.size() > kLongestPattern) {
    return Unexpected(
        fmt::format("a pattern may have {} bytes, this one has {}", kLongestPattern, pattern.text.size()));
  }
  return IsRegex(pattern) ? CompileRegex(pattern) : CompileWildcard(pattern);
}

const char* Sentence(Outcome outcome) {
  switch (outcome) {
    case Outcome::kStepLimit:
      return "gave up after too many steps";
    case Outcome::kMemoryLimit:
      return "gave up for lack of memory";
    case Outcome::kTooLong:
      return "the datum is too long to search";
    default:
      return "used up its CPU time: the rest of the report was not searched for it";
  }
}

/// Texts that are no UTF-8 are replaced by mended copies in `mended`.
std::vector<std::string_view> ValidTexts(std::span<const std::string_view> data,
                                         std::deque<std::string>& mended) {
  std::vector<std::string_view> valid(data.begin(), data.end());
  for (std::string_view& text : valid) {
    if (!IsUtf8(text)) text = mended.emplace_back(MakeUtf8(text));
  }
  return valid;
}

}  // namespace

Expected<TextMatcher, std::vector<PatternProblem>> TextMatcher::Compile(std::span<const TextPattern> patterns) {
  TextMatcher matcher;
  std::vector<PatternProblem> problems;
  matcher.exact_texts_.reserve(patterns.size());  // views into it must stay good
  for (const TextPattern& pattern : patterns) {
    if (auto exact = ExactText(pattern)) {
      matcher.exact_.emplace(matcher.exact_texts_.emplace_back(std::move(*exact)), pattern.id);
      continue;
    }
    auto compiled = CompileSearched(pattern);
    if (compiled) {
      matcher.searched_.push_back({pattern.id, pattern.text, std::move(*compiled)});
    } else {
      problems.push_back({pattern.id, std::move(compiled.error())});
    }
  }
  if (!problems.empty()) return Unexpected(std::move(problems));
  return matcher;
}

void TextMatcher::Search(const Searched& pattern, std::span<const std::string_view> data, MatchScratch& scratch,
                         TextHits& out) const {
  std::optional<LimitHit> limit;
  scratch.BeginPattern();
  for (std::uint32_t datum = 0; datum < data.size(); ++datum) {
    const Outcome outcome = pattern.pattern.Search(data[datum], scratch);
    if (outcome == Outcome::kNoMatch) continue;
    if (outcome == Outcome::kMatch) {
      out.hits.push_back({pattern.id, datum});
      continue;
    }
    if (limit) {
      ++limit->times;
    } else {
      limit = LimitHit{{}, pattern.text, Shorten(data[datum], kShownDatum), 1, Sentence(outcome)};
    }
    if (outcome == Outcome::kTimeLimit) {
      limit->what = Sentence(outcome);
      break;
    }
  }
  if (limit) out.limits.push_back(std::move(*limit));
}

TextHits TextMatcher::Scan(std::span<const std::string_view> data, MatchScratch& scratch) const {
  TextHits out;
  for (std::uint32_t datum = 0; !exact_.empty() && datum < data.size(); ++datum) {
    const auto [begin, end] = exact_.equal_range(data[datum]);
    for (auto found = begin; found != end; ++found) out.hits.push_back({found->second, datum});
  }
  if (!searched_.empty()) {
    std::deque<std::string> mended;
    const auto valid = ValidTexts(data, mended);
    for (const Searched& pattern : searched_) Search(pattern, valid, scratch, out);
  }
  std::sort(out.hits.begin(), out.hits.end(), [](const TextHit& a, const TextHit& b) {
    return std::pair(a.datum, a.id) < std::pair(b.datum, b.id);
  });
  return out;
}

}  // namespace brood::rules
