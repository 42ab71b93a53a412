#include "archive/kind.hpp"

#include <gtest/gtest.h>

#include "archive/testing/make_tar.hpp"
#include "archive/testing/pack.hpp"

namespace brood::archive {
namespace {

TEST(KindOf, KnowsWhatItWasPackedWith) {
  for (const Kind kind : {Kind::kTar, Kind::kTarBzip2, Kind::kTarGzip, Kind::kZip, Kind::kSevenZip}) {
    EXPECT_EQ(KindOf(testing::Pack(kind, {{"a", "b"}})), kind) << Name(kind);
  }
}

TEST(KindOf, TakesATarWithoutMembers) { EXPECT_EQ(KindOf(testing::TarEnd()), Kind::kTar); }

TEST(KindOf, KnowsNothingElse) {
  for (const std::string& head :
       {std::string(), std::string("MZ\x90"), std::string(200, '\0'), std::string("Rar!")}) {
    EXPECT_EQ(KindOf(head), std::nullopt);
  }
}

}  // namespace
}  // namespace brood::archive
