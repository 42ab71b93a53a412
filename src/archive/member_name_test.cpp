#include "archive/member_name.hpp"

#include <gtest/gtest.h>

namespace brood::archive {
namespace {

TEST(MemberName, WhatLeadsElsewhereIsRefused) {
  for (const char* name : {"", "/etc/passwd", "\\x", "C:\\x", "..", "../x", "a/../x", "a\\..\\x", "a/.."}) {
    EXPECT_NE(WhyRefused(name, {}), "") << name;
  }
}

TEST(MemberName, DotsThatLeadNowhereAreFine) {
  for (const char* name : {"a", "files/1001/drop..exe", "...", "a/..b", ".hidden", "./a"}) {
    EXPECT_EQ(WhyRefused(name, {}), "") << name;
  }
}

TEST(MemberName, LengthAndDepthAreBounded) {
  const Limits limits{.max_name_bytes = 10, .max_depth = 2};
  EXPECT_EQ(WhyRefused("1234567890", limits), "");
  EXPECT_EQ(WhyRefused("12345678901", limits), "its name has more than 10 bytes");
  EXPECT_EQ(WhyRefused("a/b/c", limits), "");
  EXPECT_EQ(WhyRefused("a/b\\c/d", limits), "it lies under more than 2 folders");
}

TEST(MemberName, LastPartKnowsBothSlashes) {
  EXPECT_EQ(LastPart("files/12/a.exe"), "a.exe");
  EXPECT_EQ(LastPart("x\\y.exe"), "y.exe");
  EXPECT_EQ(LastPart("plain"), "plain");
  EXPECT_EQ(LastPart("a/"), "");
}

}  // namespace
}  // namespace brood::archive
