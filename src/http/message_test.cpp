#include "http/message.hpp"

#include <gtest/gtest.h>

namespace brood::http {
namespace {

TEST(Find, LooksWithoutRegardToCaseAndTakesTheFirst) {
  const HeaderList headers{{"Content-Type", "a"}, {"content-type", "b"}};
  EXPECT_EQ(Find(headers, "CONTENT-TYPE"), "a");
  EXPECT_FALSE(Find(headers, "Content"));
}

TEST(FindField, LooksForExactlyTheName) {
  const FieldList fields{{"Since", "1"}, {"since", "2"}};
  EXPECT_EQ(FindField(fields, "since"), "2");
  EXPECT_FALSE(FindField(fields, "SINCE"));
}

TEST(MethodFrom, KnowsEachMethodByItsName) {
  for (const Method method :
       {Method::kGet, Method::kHead, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    EXPECT_EQ(MethodFrom(Name(method)), method);
  }
  EXPECT_FALSE(MethodFrom("get"));
  EXPECT_FALSE(MethodFrom("BREW"));
}

}  // namespace
}  // namespace brood::http
