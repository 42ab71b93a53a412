#include "sandboxd/inspect/strings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandboxd/inspect/entropy.hpp"

namespace brood::sandboxd::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string Wide(std::string_view text) {
  std::string wide;
  for (const char c : text) wide += {c, '\0'};
  return wide;
}

TEST(FindStrings, FindsRunsOfPrintableAscii) {
  const std::string bytes = "\x01hello world\x02" + std::string("four") + '\0' + "http://x/";
  EXPECT_THAT(FindStrings(bytes), ElementsAre("hello world", "http://x/"));
}

TEST(FindStrings, FindsWideTextAtOddOffsetsToo) {
  EXPECT_THAT(FindStrings("\x01" + Wide("wide text") + "\x01\x02"), ElementsAre("wide text"));
}

TEST(FindStrings, NamesAStringOnce) {
  EXPECT_THAT(FindStrings("again\x01"
                          "again\x01"
                          "other"),
              SizeIs(2));
}

TEST(FindStrings, CutsALongStringAndBoundsTheirNumber) {
  EXPECT_EQ(FindStrings(std::string(5'000, 'a')).at(0).size(), 1'024U);
  std::string many;
  for (int i = 0; i < 5'000; ++i)
    many += std::to_string(100'000 + i) + '\n' + Wide(std::to_string(200'000 + i)) + '\n';
  const auto found = FindStrings(many);
  EXPECT_THAT(found, SizeIs(2'000));
  EXPECT_EQ(found.front(), "100000");
  EXPECT_EQ(found[1'000], "200000");
}

TEST(FindStrings, FindsNothingInNothing) { EXPECT_THAT(FindStrings(""), IsEmpty()); }

TEST(Entropy, IsZeroForOneByteAndEightForAllAlike) {
  EXPECT_DOUBLE_EQ(Entropy(""), 0);
  EXPECT_DOUBLE_EQ(Entropy("aaaa"), 0);
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_DOUBLE_EQ(Entropy(all), 8);
}

}  // namespace
}  // namespace brood::sandboxd::inspect
