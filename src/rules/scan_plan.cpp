#include "rules/scan_plan.hpp"

namespace brood::rules {
namespace {

constexpr char kEveryText = 8;  // in a byte of ToBytes, beside the tier

// Each costs a compilation up to the expression that is refused. Those are rare: ExamineExpression refuses
// most.
constexpr int kMostAttempts = 50;

bool IsScannedFor(const PatternPlace& place) {
  return place.tier == Tier::kExact || place.tier == Tier::kConfirmed;
}

/// Finds a place for each pattern, and compiles those that Hyperscan takes.
class Planner {
 public:
  explicit Planner(std::span<const WideExpression> patterns) {
    plan_.places.resize(patterns.size());
    expressions_.reserve(patterns.size());
    for (const WideExpression& pattern : patterns) {
      expressions_.push_back(pattern.expression);
      Examine(pattern);
    }
  }

  ScanPlan Run() && {
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
      Gather();
      if (plan_.members.empty()) return std::move(plan_);
      auto set = ScanSet::Compile(gathered_);
      if (set) {
        plan_.set = std::move(*set);
        return std::move(plan_);
      }
      if (!set.error().index) break;
      Demote(plan_.members[*set.error().index]);
    }
    return ScanPlan::AllAlone(plan_.places.size());
  }

 private:
  static bool IsPrefilter(const ScanExpression& expression) {
    return (expression.flags & ScanExpression::kPrefilter) != 0;
  }

  void Examine(const WideExpression& pattern) {
    const std::size_t index = expressions_.size() - 1;
    if (pattern.matches == WideExpression::Matches::kNever) {
      plan_.places[index].tier = Tier::kNever;
      return;
    }
    ScanExpression& expression = expressions_[index];
    auto facts = ExamineExpression(expression);
    bool same = pattern.matches == WideExpression::Matches::kSame;
    if (!facts && !IsPrefilter(expression)) {
      expression.flags |= ScanExpression::kPrefilter;
      same = false;
      facts = ExamineExpression(expression);
    }
    if (!facts) return;
    plan_.places[index] = {same ? Tier::kExact : Tier::kConfirmed, !same && facts->shortest_match == 0};
  }

  /// After a refusal to compile it with the others.
  void Demote(std::uint32_t index) {
    ScanExpression& expression = expressions_[index];
    plan_.places[index] = {IsPrefilter(expression) ? Tier::kAlone : Tier::kConfirmed, false};
    expression.flags |= ScanExpression::kPrefilter;
  }

  void Gather() {
    plan_.members.clear();
    gathered_.clear();
    for (std::uint32_t index = 0; index < expressions_.size(); ++index) {
      if (!IsScannedFor(plan_.places[index])) continue;
      plan_.members.push_back(index);
      gathered_.push_back(expressions_[index]);
    }
  }

  ScanPlan plan_;
  std::vector<ScanExpression> expressions_, gathered_;
};

}  // namespace

ScanPlan ScanPlan::Make(std::span<const WideExpression> patterns) { return Planner(patterns).Run(); }

ScanPlan ScanPlan::AllAlone(std::size_t patterns) {
  ScanPlan plan;
  plan.places.resize(patterns);
  return plan;
}

std::optional<std::string> ScanPlan::ToBytes() const {
  std::string bytes;
  for (const PatternPlace& place : places) {
    const char tier = static_cast<char>(place.tier);
    bytes += static_cast<char>(place.every_text ? tier | kEveryText : tier);
  }
  if (!set) return bytes;
  const auto compiled = set->ToBytes();
  if (!compiled) return std::nullopt;
  return bytes + *compiled;
}

std::optional<ScanPlan> ScanPlan::FromBytes(std::string_view bytes, std::size_t patterns) {
  if (bytes.size() < patterns) return std::nullopt;
  ScanPlan plan;
  for (std::uint32_t index = 0; index < patterns; ++index) {
    const int tier = bytes[index] & ~kEveryText;
    if (tier < 0 || tier > static_cast<int>(Tier::kNever)) return std::nullopt;
    plan.places.push_back({static_cast<Tier>(tier), (bytes[index] & kEveryText) != 0});
    if (IsScannedFor(plan.places.back())) plan.members.push_back(index);
  }
  bytes.remove_prefix(patterns);
  if (plan.members.empty()) return bytes.empty() ? std::optional(std::move(plan)) : std::nullopt;
  plan.set = ScanSet::FromBytes(bytes);
  if (!plan.set) return std::nullopt;
  return plan;
}

}  // namespace brood::rules
