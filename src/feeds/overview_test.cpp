#include "feeds/overview.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::feeds {
namespace {

class OverviewTest : public testing::Test {
 protected:
  void Put(const std::string& source) {
    ASSERT_TRUE(store_.Lists().ReplaceFeed("C&C", std::vector<std::string>{"192.0.2.1", "192.0.2.2"}, source));
    store::Lists::FeedNote note;
    note.category = "C&C";
    note.source = source;
    note.fetched = note.looked = FromMillis(5'000);
    ASSERT_TRUE(store_.Lists().NoteFeed(note));
  }
  std::vector<ListState> States() { return Overview(store_.Lists(), configured_).value(); }

  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  std::vector<Source> configured_{{"C&C", "https://a.example/"}, {"spam", "https://new.example/"}};
};

TEST_F(OverviewTest, HasWhatIsConfiguredAndWhatIsInForce) {
  Put("https://a.example/");
  Put("https://former.example/");
  const auto states = States();
  ASSERT_EQ(states.size(), 3U);
  EXPECT_EQ(states[0].source, "https://a.example/");
  EXPECT_TRUE(states[0].configured);
  EXPECT_EQ(states[0].entries, 2U);
  EXPECT_EQ(states[0].fetched, FromMillis(5'000));
  EXPECT_EQ(states[1].source, "https://former.example/");
  EXPECT_FALSE(states[1].configured);
  EXPECT_EQ(states[2].source, "https://new.example/");
  EXPECT_EQ(states[2].entries, 0U);
  EXPECT_EQ(states[2].fetched, Time{});
}

TEST_F(OverviewTest, AListThatIsClearedIsGoneAndOneThatIsConfiguredWaitsForItsNextUpdate) {
  Put("https://a.example/");
  Put("https://former.example/");
  ASSERT_TRUE(Clear(store_.Lists(), States(), FromMillis(9'000)));
  EXPECT_TRUE(store_.Lists().Feeds()->empty());
  const auto states = States();
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].entries, 0U);
  EXPECT_EQ(states[0].looked, FromMillis(9'000));
}

}  // namespace
}  // namespace brood::feeds
