#include "rules/text_pass.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "rules/ascii.hpp"

namespace brood::rules {
namespace {

using Outcome = Pcre::Outcome;

constexpr std::size_t kShownDatum = 120;
// Candidates kept before they are confirmed: bounds the memory, not what is found.
constexpr std::size_t kMostCandidates = std::size_t{1} << 20;

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

bool IsValid(std::string_view text) { return IsAscii(text) || IsUtf8(text); }

}  // namespace

TextPass::TextPass(const TextMatcher& matcher, std::span<const std::string_view> data, MatchScratch& scratch)
    : matcher_(matcher), data_(data), scratch_(scratch) {}

TextHits TextPass::Run() && {
  LookUp();
  if (matcher_.searched_.empty()) return std::move(out_);
  if (!std::all_of(data_.begin(), data_.end(), IsValid)) {
    for (const std::string_view text : data_) {
      mended_data_.push_back(IsValid(text) ? text : mended_.emplace_back(MakeUtf8(text)));
    }
    data_ = mended_data_;
  }
  ScanAll();
  for (const std::uint32_t pattern : matcher_.alone_) SearchAlone(pattern);
  for (auto& [pattern, limit] : limits_) out_.limits.push_back(std::move(limit));
  return std::move(out_);
}

void TextPass::LookUp() {
  if (matcher_.exact_.Size() == 0) return;
  for (std::uint32_t datum = 0; datum < data_.size(); ++datum) {
    matcher_.exact_.Find(data_[datum], [&](std::uint32_t id) { out_.hits.push_back({id, datum}); });
  }
}

void TextPass::ScanAll() {
  for (std::uint32_t datum = 0; datum < data_.size(); ++datum) {
    ScanOne(datum);
    if (candidates_.size() >= kMostCandidates) Confirm();
  }
  if (!candidates_.empty()) Confirm();
}

void TextPass::ScanOne(std::uint32_t datum) {
  const ScanPlan& plan = matcher_.PlanFor(data_[datum]);
  if (!plan.set) return;
  found_.clear();
  if (plan.set->Scan(data_[datum], scratch_.Scans(), found_) == ScanSet::Outcome::kFailed) {
    // Not knowing must never count as "no match".
    for (const std::uint32_t pattern : plan.members) candidates_.push_back({pattern, datum});
    return;
  }
  for (const std::uint32_t expression : found_) {
    const std::uint32_t pattern = plan.members[expression];
    if (plan.places[pattern].tier == Tier::kExact) {
      out_.hits.push_back({matcher_.searched_[pattern].id, datum});
    } else {
      candidates_.push_back({pattern, datum});
    }
  }
}

void TextPass::Confirm() {
  // Candidates come text by text; there may be many, of few patterns.
  std::vector<std::uint32_t> begins(matcher_.searched_.size() + 1);
  for (const Candidate& candidate : candidates_) ++begins[candidate.pattern + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  std::vector<std::uint32_t> datums(candidates_.size());
  std::vector<std::uint32_t> next(begins.begin(), begins.end() - 1);
  for (const Candidate& candidate : candidates_) datums[next[candidate.pattern]++] = candidate.datum;
  for (std::uint32_t pattern = 0; pattern < next.size(); ++pattern) {
    if (next[pattern] == begins[pattern]) continue;
    Search(pattern, std::span(datums).subspan(begins[pattern], next[pattern] - begins[pattern]));
  }
  candidates_.clear();
}

void TextPass::SearchAlone(std::uint32_t pattern) {
  std::vector<std::uint32_t> datums;
  for (std::uint32_t datum = 0; datum < data_.size(); ++datum) {
    if (matcher_.PlanFor(data_[datum]).places[pattern].tier == Tier::kAlone) datums.push_back(datum);
  }
  Search(pattern, datums);
}

void TextPass::Search(std::uint32_t pattern, std::span<const std::uint32_t> datums) {
  if (std::find(given_up_.begin(), given_up_.end(), pattern) != given_up_.end()) return;
  const TextMatcher::Searched& searched = matcher_.searched_[pattern];
  scratch_.BeginPattern();
  for (const std::uint32_t datum : datums) {
    const Outcome outcome = searched.pattern.Search(data_[datum], scratch_);
    if (outcome == Outcome::kNoMatch) continue;
    if (outcome == Outcome::kMatch) {
      out_.hits.push_back({searched.id, datum});
    } else if (!NoteLimit(pattern, data_[datum], outcome)) {
      return;
    }
  }
}

bool TextPass::NoteLimit(std::uint32_t pattern, std::string_view datum, Outcome outcome) {
  const auto [limit, first] = limits_.try_emplace(
      pattern,
      LimitHit{{}, matcher_.searched_[pattern].text, Shorten(datum, kShownDatum), 1, Sentence(outcome)});
  if (!first) ++limit->second.times;
  if (outcome != Outcome::kTimeLimit) return true;
  limit->second.what = Sentence(outcome);
  given_up_.push_back(pattern);
  return false;
}

}  // namespace brood::rules
