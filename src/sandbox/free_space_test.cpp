#include "sandbox/free_space.hpp"

#include <gtest/gtest.h>

namespace brood::sandbox {
namespace {

TEST(LeastFree, IsTheLeastOfThePlacesThatATaskFills) {
  NodeStatus status;
  status.disk = {{"analyses", {900, 1'000}}, {"binaries", {500, 1'000}}, {"temporary", {1, 1'000}}};
  EXPECT_EQ(LeastFree(status), 500u);
}

TEST(LeastFree, KnowsThePlacesOfAPatchedOneDotTwoAndOfCape) {
  NodeStatus patched, cape;
  patched.disk = {{"samples", {7, 10}}, {"reports", {3, 10}}};
  cape.disk = {{"storage", {11, 20}}};
  EXPECT_EQ(LeastFree(patched), 3u);
  EXPECT_EQ(LeastFree(cape), 11u);
}

TEST(LeastFree, IsNothingWhereTheNodeNamesNoSuchPlace) {
  EXPECT_EQ(LeastFree(NodeStatus{}), std::nullopt);
  NodeStatus status;
  status.disk = {{"temporary", {1, 2}}};
  EXPECT_EQ(LeastFree(status), std::nullopt);
}

}  // namespace
}  // namespace brood::sandbox
