#include "config/ini.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace brood::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Read(std::string_view text) {
  Problems problems;
  std::vector<std::string> lines;
  for (const IniOption& option : ReadIni(text, "config.cfg", problems)) {
    lines.push_back(option.section + "/" + option.key + "=" + option.value + "@" + std::to_string(option.line));
  }
  for (const Problem& problem : problems) lines.push_back(Format(problem));
  return lines;
}

TEST(ReadIni, KeysStandBelowTheirSections) {
  EXPECT_THAT(Read("[Servers]\nip = 127.0.0.1\nPort: 8090\n\n[Settings]\nscore=2.0"),
              ElementsAre("Servers/ip=127.0.0.1@2", "Servers/port=8090@3", "Settings/score=2.0@6"));
}

TEST(ReadIni, CommentsAndBlankLinesSayNothing) {
  EXPECT_THAT(Read("# a\n; b\n  # c\nrem d\n[S]\na = b ; said\nb = c;d # e\nREMOTE = x\n"),
              ElementsAre("S/a=b@6", "S/b=c;d # e@7", "S/remote=x@8"));
}

TEST(ReadIni, TakesAByteOrderMarkWindowsLinesAndEmptyValues) {
  EXPECT_THAT(Read("\xEF\xBB\xBF[S]\r\na = 1\r\nb =\r\nc = \"\"\r\n"),
              ElementsAre("S/a=1@2", "S/b=@3", "S/c=@4"));
  EXPECT_THAT(Read(""), IsEmpty());
}

TEST(ReadIni, WhatCannotBeReadIsToldWithItsLineAndTheRestIsRead) {
  EXPECT_THAT(
      Read("a = 1\n[S\n[S]\nnothing\n= x\nb = 2\n  c = 3\n"),
      ElementsAre("S/b=2@6", "config.cfg:1: stands above the first [section]", "config.cfg:2: is no [section]",
                  "config.cfg:4: is neither a [section] nor key = value",
                  "config.cfg:5: is neither a [section] nor key = value",
                  "config.cfg:7: begins with a blank, which makes it a part of the value above: begin "
                  "it at the margin"));
}

}  // namespace
}  // namespace brood::config
