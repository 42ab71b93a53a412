#include "rules/text_matcher.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "rules/ascii.hpp"
#include "rules/text_pass.hpp"

namespace brood::rules {
namespace {

ScanPlan MakePlan(std::span<const PreparedPattern> patterns, Texts texts) {
  std::vector<WideExpression> wide;
  for (const PreparedPattern& pattern : patterns) wide.push_back(pattern.Wide(texts));
  return ScanPlan::Make(wide);
}

/// The two plans of a slot, each a file.
struct KeptPlans {
  const CacheSlot& slot;
  const std::string& key;

  std::optional<ScanPlans> Find(std::size_t patterns) const {
    auto ascii = slot.cache->Find(slot.label + ".ascii", key, patterns);
    auto any = ascii ? slot.cache->Find(slot.label + ".any", key, patterns) : std::nullopt;
    if (!any) return std::nullopt;
    return ScanPlans{std::move(*ascii), std::move(*any)};
  }

  void Keep(const ScanPlans& plans) const {
    slot.cache->Keep(slot.label + ".ascii", key, plans.ascii);
    slot.cache->Keep(slot.label + ".any", key, plans.any);
  }
};

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
  const std::vector<PreparedPattern> prepared = matcher.Add(patterns, engines, problems);
  const bool cached = engines == Engines::kBoth && slot.cache != nullptr && problems.empty();
  const std::string key = cached ? PatternsKey(prepared) : std::string();
  const KeptPlans keeper{slot, key};
  auto kept = cached ? keeper.Find(prepared.size()) : std::nullopt;
  if (kept) {
    matcher.Follow(std::move(*kept));
    return matcher;
  }
  matcher.Check(prepared, problems);
  if (!problems.empty()) return Unexpected(std::move(problems));
  if (engines == Engines::kPcre2Alone) {
    matcher.Follow({ScanPlan::AllAlone(prepared.size()), ScanPlan::AllAlone(prepared.size())});
  } else {
    matcher.Follow({MakePlan(prepared, Texts::kAscii), MakePlan(prepared, Texts::kAny)});
  }
  if (cached) keeper.Keep(matcher.plans_);
  return matcher;
}

std::vector<PreparedPattern> TextMatcher::Add(std::span<const TextPattern> patterns, Engines engines,
                                              std::vector<PatternProblem>& problems) {
  std::vector<PreparedPattern> prepared;
  for (const TextPattern& pattern : patterns) {
    if (auto exact = ExactText(pattern); exact && engines == Engines::kBoth) {
      exact_.Add(std::move(*exact), pattern.id);
    } else if (auto one = Prepare(pattern)) {
      searched_.push_back({pattern.id, pattern.text, Pcre(one->search.pattern, one->search.flags)});
      prepared.push_back(std::move(*one));
    } else {
      problems.push_back({pattern.id, std::move(one.error())});
    }
  }
  exact_.Finish();
  return prepared;
}

void TextMatcher::Check(std::span<const PreparedPattern> prepared,
                        std::vector<PatternProblem>& problems) const {
  for (std::size_t index = 0; index < searched_.size(); ++index) {
    const auto error = searched_[index].pattern.Compile();
    if (error) problems.push_back({searched_[index].id, prepared[index].Describe(*error)});
  }
  std::sort(problems.begin(), problems.end(),
            [](const PatternProblem& a, const PatternProblem& b) { return a.id < b.id; });
}

void TextMatcher::Follow(ScanPlans plans) {
  plans_ = std::move(plans);
  for (std::uint32_t index = 0; index < searched_.size(); ++index) {
    const auto is_alone = [&](const ScanPlan& plan) { return plan.places[index].tier == Tier::kAlone; };
    if (is_alone(plans_.ascii) || is_alone(plans_.any)) alone_.push_back(index);
  }
}

const ScanPlan& TextMatcher::PlanFor(std::string_view text) const {
  return IsAscii(text) ? plans_.ascii : plans_.any;
}

TextHits TextMatcher::Scan(std::span<const std::string_view> data, MatchScratch& scratch) const {
  TextHits out = TextPass(*this, data, scratch).Run();
  if (out.hits.size() > 1) SortHits(out.hits, data.size());
  return out;
}

void TextMatcher::Tell(MatcherFacts& facts) const {
  facts.looked_up += exact_.Size();
  for (std::size_t index = 0; index < searched_.size(); ++index) {
    const PatternPlace& ascii = plans_.ascii.places[index];
    const PatternPlace& place = ascii.tier == Tier::kNever ? plans_.any.places[index] : ascii;
    const std::uint32_t id = searched_[index].id;
    facts.exact += place.tier == Tier::kExact ? 1 : 0;
    facts.confirmed += place.tier == Tier::kConfirmed ? 1 : 0;
    facts.alone += place.tier == Tier::kAlone ? 1 : 0;
    facts.compiled += searched_[index].pattern.IsCompiled() ? 1 : 0;
    if (place.tier == Tier::kAlone) facts.slow.push_back({id, "Hyperscan does not take it"});
    if (place.every_text)
      facts.slow.push_back({id, "nothing in it is certain to be in a text that it matches"});
  }
}

}  // namespace brood::rules
