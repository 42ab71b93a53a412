#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace brood {
namespace {

TEST(Digest, GivesTheKnownDigestsOfTheEmptyString) {
  const Digests digests = DigestAll("");
  EXPECT_EQ(digests.md5, "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(digests.sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(digests.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(digests.sha512.substr(0, 16), "cf83e1357eefb8bd");
}

TEST(Digest, PiecesGiveTheSameAsTheWholeAndTheObjectStartsAnew) {
  Sha256 hash;
  hash.Update("ab");
  hash.Update("c");
  EXPECT_EQ(hash.FinishHex(), Sha256Hex("abc"));
  EXPECT_EQ(hash.FinishHex(), Sha256Hex(""));
}

TEST(Digest, IsHexTakesLowerCaseOfOneLengthOnly) {
  EXPECT_TRUE(IsHex(Sha256Hex("x"), 64));
  EXPECT_FALSE(IsHex("ABCD", 4));
  EXPECT_FALSE(IsHex("abc", 4));
  EXPECT_FALSE(IsHex("../x", 4));
}

TEST(Digest, RandomHexDiffersEachTime) { EXPECT_NE(RandomHex(16), RandomHex(16)); }

}  // namespace
}  // namespace brood
