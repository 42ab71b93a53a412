#include "feeds/lists_in_force.hpp"

#include <gtest/gtest.h>

#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::feeds {
namespace {

class ListsInForceTest : public testing::Test {
 protected:
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  ManualClock clock_;
  ListsInForce lists_{store_.Lists(), clock_};
};

TEST_F(ListsInForceTest, AChangeCountsAfterASecond) {
  EXPECT_FALSE(lists_.Current()->ip_whitelist.Contains("10.1.2.3"));
  ASSERT_TRUE(store_.Lists().PutWhitelist({store::WhitelistKind::kSubnet, "10.0.0.0/8", "private"}));
  clock_.Advance(Millis{1'000});
  EXPECT_TRUE(lists_.Current()->ip_whitelist.Contains("10.1.2.3"));
  ASSERT_TRUE(store_.Lists().RemoveWhitelist(store::WhitelistKind::kSubnet, "10.0.0.0/8"));
  clock_.Advance(Millis{1'000});
  EXPECT_FALSE(lists_.Current()->ip_whitelist.Contains("10.1.2.3"));
}

TEST_F(ListsInForceTest, FeedsOfOneCategoryAddUp) {
  ASSERT_TRUE(store_.Lists().ReplaceFeed("C&C", std::vector<std::string>{"192.0.2.1"}, "https://a.example"));
  ASSERT_TRUE(
      store_.Lists().ReplaceFeed("C&C", std::vector<std::string>{"198.51.100.0/24"}, "https://b.example"));
  const auto current = lists_.Current();
  ASSERT_TRUE(current->third_party.contains("C&C"));
  EXPECT_TRUE(current->third_party.at("C&C").Contains("192.0.2.1"));
  EXPECT_TRUE(current->third_party.at("C&C").Contains("198.51.100.7"));
}

TEST_F(ListsInForceTest, HashesAreHeldInLowerCase) {
  ASSERT_TRUE(
      store_.Lists().PutWhitelist({store::WhitelistKind::kHash, "D41D8CD98F00B204E9800998ECF8427E", "empty"}));
  EXPECT_TRUE(lists_.Current()->hash_whitelist.contains("d41d8cd98f00b204e9800998ecf8427e"));
}

TEST_F(ListsInForceTest, DomainsAreHeldInLowerCase) {
  ASSERT_TRUE(store_.Lists().PutWhitelist({store::WhitelistKind::kDomain, "Update.Example", "us"}));
  EXPECT_TRUE(lists_.Current()->domain_whitelist.contains("update.example"));
}

TEST_F(ListsInForceTest, AFreshWhitelistIsSeededAndWhatIsRemovedStaysAway) {
  const std::vector<store::WhitelistEntry> seed{{store::WhitelistKind::kSubnet, "10.0.0.0/8", "default"},
                                                {store::WhitelistKind::kSubnet, "192.168.0.0/16", "default"}};
  ListsInForce first(store_.Lists(), clock_, Millis{1'000}, seed);
  EXPECT_TRUE(first.Current()->ip_whitelist.Contains("10.1.2.3"));
  ASSERT_TRUE(store_.Lists().RemoveWhitelist(store::WhitelistKind::kSubnet, "10.0.0.0/8"));
  ListsInForce second(store_.Lists(), clock_, Millis{1'000}, seed);
  EXPECT_FALSE(second.Current()->ip_whitelist.Contains("10.1.2.3"));
  EXPECT_TRUE(second.Current()->ip_whitelist.Contains("192.168.0.1"));
}

}  // namespace
}  // namespace brood::feeds
