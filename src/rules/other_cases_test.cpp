#include "rules/other_cases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/utf8.hpp"
#include "rules/pcre.hpp"

namespace brood::rules {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::uint32_t> OthersOf(std::uint32_t first, std::uint32_t last) {
  std::vector<std::uint32_t> others;
  CaseTable::OfPcre2().AppendOthers(first, last, others);
  return others;
}

std::vector<std::uint32_t> OthersOf(std::uint32_t c) { return OthersOf(c, c); }

TEST(CaseTable, HasAllCasesOfALetter) {
  EXPECT_THAT(OthersOf('a'), UnorderedElementsAre('A'));
  EXPECT_THAT(OthersOf('k'), UnorderedElementsAre('K', 0x212A));
  EXPECT_THAT(OthersOf(0x3C3), UnorderedElementsAre(0x3A3, 0x3C2));
  EXPECT_THAT(OthersOf(0x1C80), UnorderedElementsAre(0x412, 0x432));
  EXPECT_THAT(OthersOf(0x345), UnorderedElementsAre(0x399, 0x3B9, 0x1FBE));
  EXPECT_THAT(OthersOf(0x24D0), UnorderedElementsAre(0x24B6));
  EXPECT_THAT(OthersOf(0x65E5), IsEmpty());
  EXPECT_THAT(OthersOf(0xE8, 0xE9), UnorderedElementsAre(0xC8, 0xC9));
}

/// Whatever Pcre2 knows: no character that is not in the table is another case of one that is.
TEST(CaseTable, LeavesNothingOut) {
  std::string in_table = "[";
  std::string others;
  std::size_t size = 0;
  for (std::uint32_t c = 0x80; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    if (OthersOf(c).empty()) {
      AppendUtf8(others, c);
    } else {
      AppendUtf8(in_table, c);
      ++size;
    }
  }
  EXPECT_EQ(size + 2 * 26, CaseTable::OfPcre2().Size());
  EXPECT_GT(size, 2'500U);
  EXPECT_THAT(Pcre(in_table + "]", Pcre::kCaseless).FindAll(others), IsEmpty());
  EXPECT_THAT(Pcre("[\\p{Lu}\\p{Lt}]", 0).FindAll(others).size(), ::testing::Lt(1'000U))
      << "mathematical letters";
}

}  // namespace
}  // namespace brood::rules
