#include "report/api_tally.hpp"

#include <gtest/gtest.h>

namespace brood::report {
namespace {

TEST(NameTable, NumbersNamesInTheOrderOfFirstAppearanceHoweverAlikeTheyAre) {
  NameTable table(1'000'000);
  std::vector<std::string> names = {""};
  for (int i = 0; i < 2'000; ++i)
    names.push_back("Nt" + std::to_string(10'000 + i) + "File");  // alike at both ends
  for (int round = 0; round < 2; ++round) {
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      ASSERT_EQ(table.Number(names[i]), i) << names[i];
      ASSERT_EQ(table.Number(names[i]), i) << "at once again";
    }
  }
  EXPECT_EQ(table.size(), names.size());
  EXPECT_EQ(table.Name(7), names[7]);
}

TEST(NameTable, HasNoNumberForANameWithoutRoom) {
  NameTable table(150);
  EXPECT_EQ(table.Number("NtClose"), 0U);
  EXPECT_EQ(table.Number("NtCreate"), std::nullopt);
  EXPECT_EQ(table.Number("NtClose"), 0U);
  EXPECT_EQ(NameTable(10).Number(""), std::nullopt);
}

TEST(CallTally, CountsByNameAndForgetsWhatARepeatedKeyTakesBack) {
  CallTally tally(10'000);
  const auto call = [&tally](std::string_view name) {
    tally.BeginCall();
    ASSERT_TRUE(tally.SetName(name));
    tally.EndCall();
  };
  for (const char* name : {"NtOpenFile", "NtReadFile", "NtReadFile"}) call(name);
  tally.ForgetProcess();
  for (const char* name : {"NtReadFile", "NtOpenFile", "NtReadFile"}) call(name);
  tally.EndProcess();
  const auto calls = tally.Take();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].name, "NtOpenFile");
  EXPECT_EQ(calls[0].times, 1);
  EXPECT_EQ(calls[1].times, 2);
}

}  // namespace
}  // namespace brood::report
