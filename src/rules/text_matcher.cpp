#include "rules/text_matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "rules/fnmatch.hpp"
#include "rules/pcre_text.hpp"
#include "rules/python_regex.hpp"
#include "rules/text_pass.hpp"
#include "rules/widen.hpp"

namespace brood::rules {
namespace {

using Syntax = TextPattern::Syntax;
constexpr std::string_view kRegexPrefix = "!REGEX!";
constexpr std::size_t kLongestPattern = std::size_t{64} << 10;

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

/// A pattern for both engines.
struct Compiled {
  Pcre pattern;
  WideExpression wide;
};

Expected<Compiled, std::string> CompileRegex(const TextPattern& pattern) {
  auto translated = TranslatePythonRegex(std::string_view(pattern.text).substr(kRegexPrefix.size()));
  if (!translated) return Unexpected(Describe(translated.error().what, translated.error().offset));
  const std::uint32_t flags = translated->flags | CaseFlag(pattern.letter_case);
  return Pcre::Compile(translated->pattern, flags)
      .map([&](Pcre pcre) {
        return Compiled{std::move(pcre), Widen(translated->pattern, flags)};
      })
      .map_error([&](const PcreError& e) { return Describe(e.message, translated->Origin(e.offset)); });
}

Expected<Compiled, std::string> CompileWildcard(const TextPattern& pattern) {
  std::string text, plain;
  if (pattern.syntax == Syntax::kVerbatim) {
    AppendLiteral(text, CodePoints(pattern.text));
    plain = text = "\\A" + text + "\\z";
  } else {
    text = TranslateFnmatch(pattern.text);
    plain = TranslateFnmatchPlainly(pattern.text);
  }
  const std::uint32_t flags = Pcre::kDotAll | CaseFlag(pattern.letter_case);
  return Pcre::Compile(text, flags)
      .map([&](Pcre pcre) {
        return Compiled{std::move(pcre), Widen(plain, flags)};
      })
      .map_error([](const PcreError& e) { return "the wildcard is too large: " + e.message; });
}

Expected<Compiled, std::string> CompileSearched(const TextPattern& pattern) {
  if (pattern.text.size() > kLongestPattern) {
    return Unexpected(
        fmt::format("a pattern may have {} bytes, this one has {}", kLongestPattern, pattern.text.size()));
  }
  return IsRegex(pattern) ? CompileRegex(pattern) : CompileWildcard(pattern);
}

/// By datum, then by id. Many hits are dealt out by datum first, of which each has few.
void SortHits(std::vector<TextHit>& hits, std::size_t data) {
  std::vector<std::uint32_t> ends(data + 1);
  for (const TextHit& hit : hits) ++ends[hit.datum + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<TextHit> sorted(hits.size());
  for (const TextHit& hit : hits) sorted[ends[hit.datum]++] = hit;
  for (std::size_t datum = 0, begin = 0; datum < data; begin = ends[datum++]) {
    if (ends[datum] - begin < 2) continue;
    const auto at = [&](std::size_t index) { return sorted.begin() + static_cast<std::ptrdiff_t>(index); };
    std::sort(at(begin), at(ends[datum]), [](const TextHit& a, const TextHit& b) { return a.id < b.id; });
  }
  hits = std::move(sorted);
}

}  // namespace

Expected<TextMatcher, std::vector<PatternProblem>> TextMatcher::Compile(std::span<const TextPattern> patterns,
                                                                        Engines engines,
                                                                        const CacheSlot& slot) {
  TextMatcher matcher;
  std::vector<PatternProblem> problems;
  std::vector<WideExpression> wide;
  for (const TextPattern& pattern : patterns) {
    if (auto exact = ExactText(pattern); exact && engines == Engines::kBoth) {
      matcher.exact_.Add(std::move(*exact), pattern.id);
      continue;
    }
    auto compiled = CompileSearched(pattern);
    if (compiled) {
      matcher.searched_.push_back({pattern.id, pattern.text, std::move(compiled->pattern)});
      wide.push_back(std::move(compiled->wide));
    } else {
      problems.push_back({pattern.id, std::move(compiled.error())});
    }
  }
  if (!problems.empty()) return Unexpected(std::move(problems));
  matcher.exact_.Finish();
  if (engines == Engines::kPcre2Alone) {
    matcher.plan_ = ScanPlan::AllAlone(wide.size());
  } else {
    matcher.plan_ = slot.cache == nullptr ? ScanPlan::Make(wide) : slot.cache->Plan(wide, slot.label);
  }
  for (std::uint32_t index = 0; index < matcher.searched_.size(); ++index) {
    if (matcher.plan_.places[index].tier == Tier::kAlone) matcher.alone_.push_back(index);
  }
  return matcher;
}

TextHits TextMatcher::Scan(std::span<const std::string_view> data, MatchScratch& scratch) const {
  TextHits out = TextPass(*this, data, scratch).Run();
  if (out.hits.size() > 1) SortHits(out.hits, data.size());
  return out;
}

void TextMatcher::Tell(MatcherFacts& facts) const {
  facts.looked_up += exact_.Size();
  for (std::size_t index = 0; index < searched_.size(); ++index) {
    const PatternPlace& place = plan_.places[index];
    const std::uint32_t id = searched_[index].id;
    facts.exact += place.tier == Tier::kExact ? 1 : 0;
    facts.confirmed += place.tier == Tier::kConfirmed ? 1 : 0;
    facts.alone += place.tier == Tier::kAlone ? 1 : 0;
    if (place.tier == Tier::kAlone) facts.slow.push_back({id, "Hyperscan does not take it"});
    if (place.every_text)
      facts.slow.push_back({id, "nothing in it is certain to be in a text that it matches"});
  }
}

}  // namespace brood::rules
