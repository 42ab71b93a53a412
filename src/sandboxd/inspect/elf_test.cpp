#include "sandboxd/inspect/elf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.hpp"

namespace brood::sandboxd::inspect {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(ReadElf, TellsTheFactsOfASystemProgram) {
  const auto facts = ReadElf(ReadFile("/bin/ls").value());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->type, "shared object");
  EXPECT_THAT(facts->interpreter, HasSubstr("/ld-"));
  EXPECT_THAT(facts->needed, Contains("libc.so.6"));
  EXPECT_TRUE(facts->stripped);
  EXPECT_FALSE(facts->big_endian);
}

TEST(ReadElf, SeesTheSymbolTableOfAProgramThatHasOne) {
  EXPECT_FALSE(ReadElf(ReadFile("/proc/self/exe").value())->stripped);
}

TEST(ReadElf, IsNoElfWithoutAWholeHeader) {
  EXPECT_FALSE(ReadElf(""));
  EXPECT_FALSE(
      ReadElf("\x7f"
              "ELF"));
  EXPECT_FALSE(ReadElf(std::string(1'000, 'x')));
}

TEST(ReadElf, SurvivesEveryCutOfAFile) {
  const std::string whole = ReadFile("/bin/ls").value();
  for (std::size_t size = 0; size < whole.size(); size += size < 4'096 ? 7 : 9'973) {
    static_cast<void>(ReadElf(std::string(whole, 0, size)));
  }
}

TEST(ReadElf, SurvivesHeadersThatPointAnywhere) {
  const std::string whole = ReadFile("/bin/ls").value();
  for (std::size_t at = 16; at < 800; ++at) {
    for (const char value : {'\xff', '\x00', '\x7f', '\x80'}) {
      std::string broken = whole.substr(0, 8'192);
      broken.replace(at, 4, 4, value);
      static_cast<void>(ReadElf(broken));
    }
  }
}

TEST(ReadElf, ReadsBigEndian) {
  std::string header(64, '\0');
  header.replace(0, 6,
                 std::string_view("\x7f"
                                  "ELF\x01\x02",
                                  6));
  header[17] = 2;
  header[19] = 8;
  const auto facts = ReadElf(header);
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->big_endian);
  EXPECT_EQ(facts->machine, "mips");
  EXPECT_EQ(facts->type, "executable");
}

}  // namespace
}  // namespace brood::sandboxd::inspect
