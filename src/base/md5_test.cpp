#include "base/md5.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"

namespace brood {
namespace {

TEST(Md5, PiecesGiveTheSameAsTheWhole) {
  EXPECT_EQ(Md5().FinishHex(), "d41d8cd98f00b204e9800998ecf8427e");
  Md5 md5;
  md5.Update("dropped ");
  md5.Update("one\n");
  EXPECT_EQ(md5.FinishHex(), DigestAll("dropped one\n").md5);
}

}  // namespace
}  // namespace brood
