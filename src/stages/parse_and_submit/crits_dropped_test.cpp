#include "stages/parse_and_submit/crits_dropped.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive/testing/make_tar.hpp"
#include "archive/testing/pack.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"
#include "crits/testing/fake_crits.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using archive::Kind;
using archive::testing::Pack;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DroppedTest : public testing::Test {
 protected:
  DroppedTest() {
    analysis_.analysis_id = "1111";
    analysis_.object_type = "Sample";
    analysis_.object_id = "6b01";
  }
  Expected<DroppedFiles, Error> Run() {
    return DroppedUpload(settings_, crits_, store_.Effects()).Run(analysis_, task_, *node_, {clock_.Now(), {}});
  }
  void Drop(const archive::testing::Contents& contents) { node_->Drop(task_, Pack(Kind::kTarBzip2, contents)); }
  static std::string Md5Of(const std::string& content) { return DigestAll(content).md5; }

  TempDir dir_;
  ManualClock clock_;
  crits::testing::FakeCrits crits_;
  std::shared_ptr<sqlite::Writer> writer_ = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store_{writer_, writer_};
  std::shared_ptr<sandbox::testing::FakeNode> node_ = std::make_shared<sandbox::testing::FakeNode>(clock_);
  model::TaskId task_ = node_->AddForeign("x");
  crits::Analysis analysis_;
  DroppedSettings settings_{dir_ / "scratch", 10'000'000, 1'000, {}};
};

TEST_F(DroppedTest, EachFileIsASampleAndRelated) {
  Drop({{"files/1001/a.exe", "one"}, {"files/1002/b.txt", "two"}});
  const auto dropped = Run().value();
  EXPECT_THAT(dropped.items, ElementsAre(crits::DroppedFile("a.exe", Md5Of("one"), ""),
                                         crits::DroppedFile("b.txt", Md5Of("two"), "")));
  EXPECT_THAT(dropped.log, IsEmpty());
  EXPECT_THAT(crits_.samples, SizeIs(2));
  EXPECT_THAT(crits_.relations, SizeIs(2));
  EXPECT_TRUE(std::filesystem::is_empty(dir_ / "scratch"));
}

TEST_F(DroppedTest, CuckooTwosPrefixIsTakenOffWhereItIsOne) {
  const std::string front = Sha256Hex("one").substr(0, 16);
  Drop({{"files/" + front + "_a.exe", "one"}, {"files/0123456789abcdef_b.exe", "two"}});
  const auto dropped = Run().value();
  ASSERT_THAT(dropped.items, SizeIs(2));
  EXPECT_EQ(dropped.items[0].result, "a.exe");
  EXPECT_EQ(dropped.items[1].result, "0123456789abcdef_b.exe");
}

TEST_F(DroppedTest, WhatIsTooLargeHasItsMd5AndTheReason) {
  const std::string large(1'001, 'x');
  Drop({{"files/large.bin", large}, {"files/small.bin", std::string(1'000, 'y')}});
  const auto dropped = Run().value();
  ASSERT_THAT(dropped.items, SizeIs(2));
  EXPECT_EQ(dropped.items[0], crits::DroppedFile("large.bin", Md5Of(large), "too large: 1001 bytes"));
  EXPECT_EQ(crits_.uploads, 1);
}

TEST_F(DroppedTest, AnEmptyFileIsASentence) {
  Drop({{"files/empty", ""}});
  const auto dropped = Run().value();
  EXPECT_THAT(dropped.items, IsEmpty());
  EXPECT_THAT(dropped.log, ElementsAre("'empty' is left out: it is empty"));
}

TEST_F(DroppedTest, WhatCritsRefusesIsAnItemWithItsReasonAndTheNextOneGoes) {
  Drop({{"a", "one"}, {"b", "two"}});
  crits_.FailNext("add", crits::Errc::kRefused);
  const auto dropped = Run().value();
  ASSERT_THAT(dropped.items, SizeIs(2));
  EXPECT_THAT(dropped.items[0].data, HasSubstr("refused"));
  EXPECT_THAT(crits_.samples, SizeIs(1));
}

TEST_F(DroppedTest, TroubleInCritsIsAnErrorAndWhatWasGivenIsNotGivenAgain) {
  Drop({{"a", "one"}, {"b", "two"}});
  ASSERT_TRUE(Run());
  EXPECT_EQ(crits_.uploads, 2);
  Drop({{"a", "one"}, {"b", "two"}, {"c", "three"}});
  crits_.FailNext("relate", crits::Errc::kServerError);
  const auto failed = Run();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::kTransient);
  const auto again = Run();
  ASSERT_TRUE(again);
  EXPECT_THAT(again->items, SizeIs(3));
  EXPECT_EQ(crits_.uploads, 4) << "c twice, the others once";
}

TEST_F(DroppedTest, NoDroppedFilesAreNoTrouble) {
  const auto dropped = Run().value();
  EXPECT_THAT(dropped.items, IsEmpty());
  EXPECT_THAT(dropped.log, IsEmpty());
}

TEST_F(DroppedTest, ASandboxInTroubleIsAskedAgain) {
  Drop({{"a", "one"}});
  node_->FailNext(sandbox::testing::Call::kDropped, sandbox::Errc::kAnswerLost);
  EXPECT_FALSE(Run());
  EXPECT_TRUE(Run());
}

TEST_F(DroppedTest, ADamagedOrHostileArchiveIsASentence) {
  using archive::testing::TarMember;
  node_->Drop(task_, "no archive at all");
  EXPECT_THAT(Run().value().log, ElementsAre(HasSubstr("cannot all be read")));
  node_->Drop(task_, TarMember("../../etc/passwd", "x") + TarMember("good", "y") + archive::testing::TarEnd());
  const auto dropped = Run().value();
  EXPECT_THAT(dropped.items, SizeIs(1));
  EXPECT_THAT(dropped.log, ElementsAre("'../../etc/passwd' is left out: its name leads upwards"));
}

TEST_F(DroppedTest, AnArchiveOverTheLimitIsNotFetched) {
  settings_.max_archive = 10;
  Drop({{"a", "one"}});
  const auto dropped = Run().value();
  EXPECT_THAT(dropped.items, IsEmpty());
  EXPECT_THAT(dropped.log, ElementsAre(HasSubstr("cannot be fetched")));
}

TEST_F(DroppedTest, ManyComplaintsAreCutShort) {
  archive::testing::Contents contents;
  for (int i = 0; i < 100; ++i) contents.emplace_back(std::to_string(i), "");
  Drop(contents);
  EXPECT_THAT(Run().value().log, SizeIs(11));
}

}  // namespace
}  // namespace brood::stages::parse_and_submit
