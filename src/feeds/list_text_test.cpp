#include "feeds/list_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::feeds {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Refused(std::string_view text) {
  const auto list = ReadList(text);
  return list ? "" : list.error();
}

TEST(ReadList, TakesAddressesAndSubnetsOfBothFamilies) {
  const auto list = ReadList("192.0.2.1\n198.51.100.7/24\n2001:DB8::1\n2001:db8:1::/48\n");
  ASSERT_TRUE(list) << list.error();
  EXPECT_THAT(list->entries, ElementsAre("192.0.2.1", "198.51.100.0/24", "2001:db8::1", "2001:db8:1::/48"));
  EXPECT_EQ(list->skipped, 0U);
}

TEST(ReadList, LeavesOutCommentsBlankLinesAndWhatFollowsAnEntry) {
  const auto list = ReadList(
      "\xEF\xBB\xBF# a list\r\n; of ours\r\n\r\n  192.0.2.1  seen "
      "often\r\n192.0.2.2,443,name\r\n192.0.2.3;SBL1\r\n"
      "192.0.2.0/30 ; SBL2\r\n192.0.2.4#x\r\n192.0.2.5\t9\r\n");
  ASSERT_TRUE(list) << list.error();
  EXPECT_THAT(list->entries,
              ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.0/30", "192.0.2.4", "192.0.2.5"));
}

TEST(ReadList, HasEachEntryOnce) {
  const auto list = ReadList("2001:db8::1\n2001:0db8:0:0::1\n::ffff:192.0.2.1\n192.0.2.1\n192.0.2.1/32\n");
  ASSERT_TRUE(list);
  EXPECT_THAT(list->entries, ElementsAre("2001:db8::1", "192.0.2.1"));
}

TEST(ReadList, CountsLinesThatAreNoEntriesAndNamesTheFirst) {
  const auto list = ReadList("192.0.2.1\n# fine\nevil.example\n192.0.2.300\n192.0.2.2\n192.0.2.3\n");
  ASSERT_TRUE(list) << list.error();
  EXPECT_THAT(list->entries, ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
  EXPECT_EQ(list->skipped, 2U);
  EXPECT_EQ(list->first_skipped, "line 3: 'evil.example' is no address or subnet");
}

TEST(ReadList, TakesNoSubnetThatListsHalfOfEverything) {
  const auto list = ReadList("192.0.2.1\n192.0.2.2\n192.0.2.3\n0.0.0.0/0\n::/0\n12.0.0.0/7\n10.0.0.0/8\n");
  ASSERT_TRUE(list) << list.error();
  EXPECT_THAT(list->entries, ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3", "10.0.0.0/8"));
  EXPECT_EQ(list->skipped, 3U);
  EXPECT_THAT(list->first_skipped, HasSubstr("'0.0.0.0/0' is too large"));
}

TEST(ReadList, RefusesAPageInPlaceOfAList) {
  EXPECT_THAT(Refused("<!DOCTYPE html>\n<html><body>192.0.2.1</body></html>"), HasSubstr("a page"));
  EXPECT_THAT(Refused("\n\n  <?xml version=\"1.0\"?>"), HasSubstr("a page"));
}

TEST(ReadList, RefusesATextMostOfWhoseLinesAreNoEntries) {
  EXPECT_THAT(Refused("Service unavailable\nplease come back later\n192.0.2.1\n"),
              HasSubstr("line 1: 'Service' is no address"));
  EXPECT_THAT(Refused("{\"ip\": \"192.0.2.1\"}"), HasSubstr("most of its lines"));
  EXPECT_THAT(Refused(std::string(5'000, '\xFF')), HasSubstr("most of its lines"));
}

TEST(ReadList, ShowsNoControlCharactersOfABrokenLine) {
  const std::string error = Refused("\x1b[31mevil\x07\n");
  EXPECT_EQ(error.find('\x1b'), error.npos);
  EXPECT_EQ(error.find('\x07'), error.npos);
}

TEST(ReadList, OfCommentsAloneIsEmpty) {
  const auto list = ReadList("# nothing today\n");
  ASSERT_TRUE(list);
  EXPECT_THAT(list->entries, IsEmpty());
}

}  // namespace
}  // namespace brood::feeds
