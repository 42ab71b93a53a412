#include "cli/address_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file.hpp"

namespace brood::cli {
namespace {

TEST(UrlOf, PutsAnIpv6AddressIntoBrackets) {
  EXPECT_EQ(UrlOf("127.0.0.1", 8081), "http://127.0.0.1:8081");
  EXPECT_EQ(UrlOf("::1", 8081), "http://[::1]:8081");
}

TEST(UrlOf, NamesAnAddressOfThisMachineWhereEveryOneIsListenedOn) {
  EXPECT_EQ(UrlOf("0.0.0.0", 80), "http://127.0.0.1:80");
  EXPECT_EQ(UrlOf("::", 80), "http://[::1]:80");
}

TEST(AddressFile, GivesBackWhatWasWritten) {
  const TempDir state;
  EXPECT_EQ(ReadAddress(state.Path()), std::nullopt);
  ASSERT_TRUE(WriteAddress(state.Path(), "http://127.0.0.1:4711"));
  EXPECT_EQ(ReadAddress(state.Path()), "http://127.0.0.1:4711");
  ASSERT_TRUE(WriteAddress(state.Path(), "http://127.0.0.1:4712"));
  EXPECT_EQ(ReadAddress(state.Path()), "http://127.0.0.1:4712");
}

TEST(AddressFile, ThatIsEmptyNamesNoAddress) {
  const TempDir state;
  std::ofstream(state / "api.address") << "\n";
  EXPECT_EQ(ReadAddress(state.Path()), std::nullopt);
}

}  // namespace
}  // namespace brood::cli
