#include "sandboxd/inspect/pe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandboxd/testing/pe_file.hpp"

namespace brood::sandboxd::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ReadPe, TellsTheFactsOfTheHeaders) {
  const auto facts = ReadPe(MakePe());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->machine, "i386");
  EXPECT_EQ(facts->kind, "exe");
  EXPECT_EQ(facts->subsystem, "windows console");
  EXPECT_EQ(facts->timestamp, 1'500'000'000U);
  EXPECT_EQ(facts->entry_point, 0x1000U);
  ASSERT_EQ(facts->sections.size(), 1U);
  EXPECT_EQ(facts->sections[0].name, ".text");
  EXPECT_LT(facts->sections[0].entropy, 1.0);
  EXPECT_THAT(facts->imports, ElementsAre("KERNEL32.dll"));
  EXPECT_EQ(facts->overlay_bytes, 0U);
}

TEST(ReadPe, CountsWhatLiesBehindTheLastSection) { EXPECT_EQ(ReadPe(MakePe() + "tail")->overlay_bytes, 4U); }

TEST(ReadPe, LeavesOutAnImportWhoseNameIsNoText) {
  EXPECT_THAT(ReadPe(MakePe("\x01\x02\x03"))->imports, IsEmpty());
}

TEST(ReadPe, IsNoPeWithoutBothSignatures) {
  EXPECT_FALSE(ReadPe(""));
  EXPECT_FALSE(ReadPe("MZ"));
  EXPECT_FALSE(ReadPe("MZ" + std::string(100, '\0')));
  EXPECT_FALSE(ReadPe("MZ" + std::string(100, '\xff')));
}

TEST(ReadPe, SurvivesEveryCutOfAFile) {
  const std::string whole = MakePe();
  for (std::size_t size = 0; size <= whole.size(); ++size)
    static_cast<void>(ReadPe(std::string(whole, 0, size)));
}

TEST(ReadPe, SurvivesHeadersThatPointAnywhere) {
  for (std::size_t at = 2; at < 0x2a0; ++at) {
    for (const char value : {'\xff', '\x00', '\x7f', '\x80'}) {
      std::string broken = MakePe();
      broken.replace(at, 4, 4, value);
      static_cast<void>(ReadPe(broken));
    }
  }
}

}  // namespace
}  // namespace brood::sandboxd::inspect
