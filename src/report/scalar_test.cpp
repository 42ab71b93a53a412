#include "report/scalar.hpp"

#include <gtest/gtest.h>

namespace brood::report {
namespace {

using Kind = Scalar::Kind;

TEST(Scalar, TellsTheKindsApart) {
  EXPECT_EQ(ScalarFrom(" null\n")->kind, Kind::kNull);
  EXPECT_EQ(ScalarFrom("true")->kind, Kind::kBool);
  EXPECT_EQ(ScalarFrom("-1.5e+10")->kind, Kind::kNumber);
  EXPECT_EQ(ScalarFrom("NaN")->kind, Kind::kUnreadable);
  EXPECT_EQ(ScalarFrom("-Infinity")->kind, Kind::kUnreadable);
  EXPECT_EQ(ScalarFrom("undefined")->kind, Kind::kUnreadable);
  EXPECT_FALSE(ScalarFrom(" \t\r\n"));
}

std::optional<Number> Read(std::string_view text) { return NumberFrom({Kind::kNumber, text}); }

TEST(Scalar, ReadsWholeNumbersOfAnyNotation) {
  EXPECT_EQ(Read("42")->whole, 42);
  EXPECT_EQ(Read("-9223372036854775808")->whole, INT64_MIN);
  EXPECT_EQ(Read("8.0")->whole, 8);
  EXPECT_EQ(Read("1e3")->whole, 1000);
  EXPECT_FALSE(Read("2.5")->whole);
}

TEST(Scalar, HugeWholeNumbersAreStillNumbers) {
  EXPECT_FALSE(Read("18446744073709551616")->whole);
  EXPECT_DOUBLE_EQ(Read("18446744073709551616")->value, 18446744073709551616.0);
  EXPECT_FALSE(Read("1e400"));
  EXPECT_FALSE(Read("1.2.3"));
}

}  // namespace
}  // namespace brood::report
