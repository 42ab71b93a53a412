#include "crits/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::crits {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Complaint(Settings& settings) {
  std::string all;
  const config::Section section = Describe(settings);
  for (const auto& check : section.Checks()) all += check.complaint();
  return all;
}

TEST(CritsSettings, ParsersRunInTheirOwnOrder) {
  Settings settings;
  EXPECT_EQ(EnabledParsers(settings).size(), 4U);
  settings.enabled_parsers = {"dropped", "info"};
  EXPECT_THAT(EnabledParsers(settings), ElementsAre(Parser::kInfo, Parser::kDropped));
}

TEST(CritsSettings, WhatIsNoParserOrNoUrlIsTold) {
  Settings settings;
  EXPECT_EQ(Complaint(settings), "");
  settings.enabled_parsers = {"network"};
  EXPECT_THAT(Complaint(settings), HasSubstr("'network' is no parser"));
  settings = {};
  settings.allow = {"crits"};
  EXPECT_THAT(Complaint(settings), HasSubstr("http://"));
}

}  // namespace
}  // namespace brood::crits
