#include "sandbox/cuckoo/dates.hpp"

#include <gtest/gtest.h>

namespace brood::sandbox::cuckoo {
namespace {

TEST(ParseDate, ReadsBothFormsAlike) {
  const auto plain = ParseDate("2026-11-21 23:49:38");
  ASSERT_TRUE(plain);
  EXPECT_EQ(FormatUtc(*plain), "2026-11-21 23:49:38");
  EXPECT_EQ(ParseDate("Sat, 21 Nov 2026 23:49:38 GMT"), plain);
  EXPECT_EQ(ParseDate("2026-11-21 23:49:38.123456"), plain);
}

TEST(ParseDate, RefusesWhatIsNoDate) {
  for (const char* text :
       {"", "yesterday", "2026-11-21", "2026-13-21 23:49:38", "2026-02-30 00:00:00", "2026-11-21T23:49:38",
        "2026-11-21 24:49:38", "2026-11-21 23:49:38.", "2026-11-21 23:49:38.1x",
        "Sat, 21 Foo 2026 23:49:38 GMT", "Sat, 21 Nov 2026 23:49:38 UTC", "Sat, 21 Nov 2026 23:49 GMT",
        "Sat, -1 Nov 2026 23:49:38 GMT", "9999999999-01-01 00:00:00"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
