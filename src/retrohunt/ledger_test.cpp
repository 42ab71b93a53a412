#include "retrohunt/ledger.hpp"

#include <gtest/gtest.h>

namespace brood::retrohunt {
namespace {

using store::Origin;
using Told = Ledger::Told;
using Fate = Ledger::Fate;

constexpr Time kStarted{Millis{1'000}};

store::BlacklistEntry Entry(const std::string& value, double score = 2.0, const std::string& reasons = "[]") {
  return {"ip", value, "", Time{Millis{1}}, reasons, score, Origin::kRule};
}
ValueKey Key(const std::string& value) { return KeyOf("ip", value); }

class LedgerTest : public testing::Test {
 protected:
  void Stand(store::BlacklistEntry entry, Origin origin = Origin::kRule, Time changed = Time{Millis{1}}) {
    entry.origin = origin;
    entry.last_change = changed;
    ledger_.Stand(entry);
  }
  Told Lists(const store::BlacklistEntry& entry) { return ledger_.Lists(Key(entry.value), entry); }

  Ledger ledger_{kStarted};
};

TEST_F(LedgerTest, AnEntryThatIsNamedAndNotListedIsToGo) {
  Stand(Entry("named"));
  Stand(Entry("listed"));
  Stand(Entry("unknown"));
  ledger_.Seal();
  EXPECT_TRUE(ledger_.Spares(Key("named")));
  EXPECT_FALSE(ledger_.Spares(Key("named"))) << "only the first time matters";
  EXPECT_TRUE(ledger_.Spares(Key("listed")));
  EXPECT_EQ(Lists(Entry("listed")), Told::kSame);
  EXPECT_EQ(ledger_.Of(Key("named")), Fate::kRemove);
  EXPECT_EQ(ledger_.Of(Key("listed")), Fate::kLeft);
  EXPECT_EQ(ledger_.Of(Key("unknown")), Fate::kNoReport);
  EXPECT_EQ(ledger_.Unchanged(), 1U);
}

TEST_F(LedgerTest, EntriesOfPeopleAndThoseJustWrittenAreLeft) {
  Stand(Entry("api"), Origin::kApi);
  Stand(Entry("import"), Origin::kImport);
  Stand(Entry("fresh"), Origin::kRule, kStarted);
  ledger_.Seal();
  EXPECT_FALSE(ledger_.HasRemovable("ip"));
  for (const char* value : {"api", "import", "fresh"}) {
    EXPECT_FALSE(ledger_.Removable(Key(value)));
    EXPECT_FALSE(ledger_.Spares(Key(value)));
    EXPECT_EQ(Lists(Entry(value, 9.0)), Told::kNothing);
    EXPECT_EQ(ledger_.Of(Key(value)), Fate::kLeft) << value;
  }
  EXPECT_EQ(ledger_.OfPeople(), 2U);
}

TEST_F(LedgerTest, TheBestDoesNotDependOnTheOrder) {
  for (const bool backwards : {false, true}) {
    Ledger ledger(kStarted);
    ledger.Seal();
    std::vector entries{Entry("v", 2.0, "a"), Entry("v", 3.0, "b"), Entry("v", 3.0, "c"), Entry("v", 2.5, "d")};
    if (backwards) std::ranges::reverse(entries);
    for (const auto& entry : entries) (void)ledger.Lists(Key("v"), entry);
    EXPECT_NE(ledger.IsBest(Key("v"), 3.0, "b"), ledger.IsBest(Key("v"), 3.0, "c"));
    EXPECT_EQ(ledger.IsBest(Key("v"), 3.0, "b"),
              std::hash<std::string_view>()("b") > std::hash<std::string_view>()("c"));
    EXPECT_FALSE(ledger.IsBest(Key("v"), 2.5, "d"));
    EXPECT_EQ(ledger.Of(Key("v")), Fate::kAdd);
  }
}

TEST_F(LedgerTest, AnEntryThatSaysSomethingElseBecomesTheBest) {
  Stand(Entry("v", 2.0, "old"));
  ledger_.Seal();
  EXPECT_EQ(Lists(Entry("v", 2.0, "new")), Told::kBest);
  EXPECT_EQ(Lists(Entry("v", 1.0, "less")), Told::kNothing);
  EXPECT_EQ(ledger_.Of(Key("v")), Fate::kChange);
  EXPECT_EQ(Lists(Entry("v", 2.0, "old")), Told::kSame);
  EXPECT_EQ(ledger_.Of(Key("v")), Fate::kLeft);
}

TEST_F(LedgerTest, AnEntryThatTwoPagesShowedIsOne) {
  Stand(Entry("v"));
  Stand(Entry("v"));
  ledger_.Seal();
  (void)Lists(Entry("v"));
  EXPECT_EQ(ledger_.Unchanged(), 1U);
}

TEST(ValueKey, ComesBackFromItsText) {
  const ValueKey key = KeyOf("ip", "192.0.2.1");
  EXPECT_EQ(KeyFromHex(ToHex(key)), key);
  EXPECT_EQ(KeyFromHex("12"), std::nullopt);
  EXPECT_NE(KeyOf("domain", "192.0.2.1"), key);
}

}  // namespace
}  // namespace brood::retrohunt
