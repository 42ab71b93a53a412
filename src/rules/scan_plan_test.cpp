#include "rules/scan_plan.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "rules/prepared_pattern.hpp"
#include "rules/testing/made_up.hpp"

namespace brood::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<WideExpression> Wide(std::initializer_list<const char*> patterns) {
  std::vector<WideExpression> wide;
  for (const char* pattern : patterns) wide.push_back(Widen(pattern, 0));
  return wide;
}

std::vector<std::uint32_t> Found(const ScanPlan& plan, std::string_view text) {
  ScanScratch scratch;
  std::vector<std::uint32_t> found;
  EXPECT_EQ(plan.set->Scan(text, scratch, found), ScanSet::Outcome::kDone);
  return found;
}

TEST(ScanPlan, PlacesEachPatternWhereItIsDecided) {
  const auto plan = ScanPlan::Make(Wide({"\\Aab.*\\z", "a(?=b)", "(?=b)", "(?:(?:a{255}){255}){255}", "\\bc"}));
  EXPECT_THAT(plan.places, ElementsAre(PatternPlace{Tier::kExact}, PatternPlace{Tier::kConfirmed},
                                       PatternPlace{Tier::kConfirmed, true}, PatternPlace{Tier::kAlone},
                                       PatternPlace{Tier::kConfirmed}));
  EXPECT_THAT(plan.members, ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(Found(plan, "abc"), UnorderedElementsAre(0, 1, 2, 3));
  EXPECT_THAT(Found(plan, "x"), ElementsAre(2));
}

TEST(ScanPlan, LeavesOutWhatNoTextMatches) {
  const auto plan = ScanPlan::Make(std::vector{
      Widen("ab", 0, Texts::kAscii), Widen("\\x{e9}", 0, Texts::kAscii), Widen("\\bc", 0, Texts::kAscii)});
  EXPECT_THAT(plan.places,
              ElementsAre(PatternPlace{Tier::kExact}, PatternPlace{Tier::kNever}, PatternPlace{Tier::kExact}));
  EXPECT_THAT(plan.members, ElementsAre(0, 2));
  const auto read = ScanPlan::FromBytes(plan.ToBytes().value(), 3);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->places, plan.places);
}

/// Plans are kept by what PCRE2 sees of the patterns: what Hyperscan is told must follow from that and kFormat.
TEST(ScanPlan, HasAnotherFormatWhenWidenMakesSomethingElse) {
  Sha256 digest;
  for (const TextPattern& pattern : testing::MadeUpPatterns(1, 1'000)) {
    const PreparedPattern prepared = Prepare(pattern).value();
    for (const Texts texts : {Texts::kAny, Texts::kAscii}) {
      const auto [expression, matches] = prepared.Wide(texts);
      digest.Update(fmt::format("{} {} {}\n", expression.text, expression.flags, static_cast<int>(matches)));
    }
  }
  EXPECT_EQ(std::string(ScanPlan::kFormat) + " " + digest.FinishHex().substr(0, 16), "plan 4 8c30d36409490392")
      << "let ScanPlan::kFormat grow, then write here what it is now";
}

TEST(ScanPlan, NeedsNoSetWhereHyperscanTakesNothing) {
  const auto plan = ScanPlan::Make(Wide({"(?:(?:a{255}){255}){255}"}));
  EXPECT_FALSE(plan.set);
  EXPECT_THAT(plan.members, IsEmpty());
  EXPECT_THAT(ScanPlan::Make({}).places, IsEmpty());
}

TEST(ScanPlan, IsTheSameAfterItWasWrittenAndRead) {
  const auto plan = ScanPlan::Make(Wide({"ab", "(?:(?:a{255}){255}){255}", "(?=b)"}));
  const auto read = ScanPlan::FromBytes(plan.ToBytes().value(), 3);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->places, plan.places);
  EXPECT_EQ(read->members, plan.members);
  EXPECT_THAT(Found(*read, "cab"), UnorderedElementsAre(0, 1));
}

TEST(ScanPlan, RefusesBytesThatAreNoPlan) {
  const auto plan = ScanPlan::Make(Wide({"ab", "c"}));
  const std::string bytes = plan.ToBytes().value();
  EXPECT_FALSE(ScanPlan::FromBytes("", 2));
  EXPECT_FALSE(ScanPlan::FromBytes(bytes, 3));
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{10}, bytes.size() - 1}) {
    EXPECT_FALSE(ScanPlan::FromBytes(std::string_view(bytes).substr(0, size), 2)) << size;
  }
  std::string damaged = bytes;
  damaged[bytes.size() / 2] ^= 1;
  EXPECT_FALSE(ScanPlan::FromBytes(damaged, 2));
  std::string wrong_tier = bytes;
  wrong_tier[0] = 4;
  EXPECT_FALSE(ScanPlan::FromBytes(wrong_tier, 2));
}

}  // namespace
}  // namespace brood::rules
