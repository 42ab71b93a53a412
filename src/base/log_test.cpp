#include "base/log.hpp"

#include <gtest/gtest.h>

namespace brood::log {
namespace {

TEST(Log, FormatsAFixedSentenceAndItsFields) {
  EXPECT_EQ(Format("task vanished", {{"task", 17}, {"node", "http://127.0.0.1:8090"}}),
            "task vanished task=17 node=http://127.0.0.1:8090");
}

TEST(Log, NobodyCanForgeALine) {
  EXPECT_EQ(Format("file refused", {{"name", "a\nb \"c\"\x1b"}}), R"(file refused name="a\nb \"c\"\x1b")");
}

TEST(Log, AListenerHearsEveryLine) {
  std::string heard;
  Listen([&](Level, const std::string& line) { heard += line; });
  Warning("disk is full", {{"free", 12}});
  Listen({});
  EXPECT_EQ(heard, "disk is full free=12");
}

}  // namespace
}  // namespace brood::log
