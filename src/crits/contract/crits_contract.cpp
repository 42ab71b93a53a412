#include "crits/contract/crits_contract.hpp"

#include <gmock/gmock.h>

#include "crits/form.hpp"

namespace brood::crits::contract {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

Batch BatchOf(const std::vector<Item>& items) {
  Batches batches({}, 0, 1);
  for (const Item& item : items) batches.Add(item);
  return batches.All().at(0);
}

const Batch kOne = BatchOf({{"mutex", "m", ""}});

}  // namespace

TEST_P(CritsContract, ResultsLogAndEndArriveTogether) {
  const Update update{BatchOf({{"process", "a.exe", R"("process_id":"1")"}, {"mutex", "m", ""}}), "some words",
                      Level::kWarning, End::kCompleted};
  const auto sent = Way().Port().Send(Way().Known(), update, {});
  ASSERT_TRUE(sent) << sent.error().what;
  const Shown shown = Way().Look();
  EXPECT_THAT(shown.results,
              ElementsAre(std::map<std::string, std::string>{{"subtype", "process"},
                                                             {"result", "a.exe"},
                                                             {"process_id", "1"},
                                                             {"batch", "1"},
                                                             {"item", "1000000"}},
                          std::map<std::string, std::string>{
                              {"subtype", "mutex"}, {"result", "m"}, {"batch", "1"}, {"item", "1000001"}}));
  EXPECT_THAT(shown.log, ElementsAre(Pair("warning", "some words")));
  EXPECT_EQ(shown.status, "completed");
  EXPECT_EQ(shown.requests, 1U);
}

TEST_P(CritsContract, TextsArriveAsTheyAre) {
  const std::string texts[] = {"C:\\u0041\\new\\x41",
                               "\"quoted\" 'single'",
                               "é😀 \xE2\x80\xA8",
                               "tab\tline\nreturn\r",
                               "\x01\x1b[31m\x7f",
                               "a+b%20&c=d",
                               "{}",
                               "trailing\\",
                               "true",
                               std::string(100'000, 'x')};
  std::vector<Item> items;
  for (const std::string& text : texts) items.push_back(DroppedFile(text, text, text));
  const auto sent = Way().Port().Send(Way().Known(), {BatchOf(items), "", Level::kInfo, std::nullopt}, {});
  ASSERT_TRUE(sent) << sent.error().what;
  const Shown shown = Way().Look();
  EXPECT_THAT(shown.problems, IsEmpty());
  ASSERT_EQ(shown.results.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(shown.results[i].at("result"), texts[i]);
    EXPECT_EQ(shown.results[i].at("md5"), texts[i]);
  }
  EXPECT_EQ(shown.status, "started");
}

TEST_P(CritsContract, AnAnalysisCanEndWithAnErrorAndItsReason) {
  ASSERT_TRUE(Way().Port().Send(Way().Known(), {{}, "the task was lost", Level::kError, End::kError}, {}));
  const Shown shown = Way().Look();
  EXPECT_EQ(shown.status, "error");
  EXPECT_THAT(shown.log, ElementsAre(Pair("error", "the task was lost")));
}

TEST_P(CritsContract, ABatchOfTheLargestSizeArrives) {
  constexpr std::size_t kMaxBody = 2'621'440;
  Batches batches({RoomForResults(Way().Known(), kMaxBody), 12'000'000}, 0, 1);
  for (int i = 0; i < 60'000; ++i) batches.Add({"file", "C:\\Users\\é\\" + std::to_string(i), ""});
  ASSERT_GT(batches.All().size(), 2U);
  std::size_t items = 0;
  for (const Batch& batch : batches.All()) {
    items += batch.items;
    const auto sent = Way().Port().Send(Way().Known(), {batch, "x", Level::kInfo, std::nullopt}, {});
    ASSERT_TRUE(sent) << sent.error().what;
  }
  EXPECT_EQ(items, 60'000U);
  EXPECT_THAT(Way().Look().results, SizeIs(items));
}

TEST_P(CritsContract, WhatFailedWithoutEffectIsSentAgain) {
  Way().Fail(Fault::kError, 2);
  EXPECT_TRUE(Way().Port().Send(Way().Known(), {kOne, "", Level::kInfo, std::nullopt}, {}));
  EXPECT_THAT(Way().Look().results, SizeIs(1));
}

TEST_P(CritsContract, ManyFailuresAreTold) {
  Way().Fail(Fault::kError, 100);
  const auto sent = Way().Port().Send(Way().Known(), {kOne, "", Level::kInfo, std::nullopt}, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::kServerError);
  EXPECT_EQ(ToError(sent.error()).kind, ErrorKind::kTransient);
}

TEST_P(CritsContract, ResultsAreNeverSentAgainOnceTheyMayHaveArrived) {
  Way().Fail(Fault::kLostAnswer, 1);
  const auto sent = Way().Port().Send(Way().Known(), {kOne, "", Level::kInfo, std::nullopt}, {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::kAnswerLost);
  EXPECT_THAT(Way().Look().results, SizeIs(1));
}

TEST_P(CritsContract, ASampleIsThereOnceHoweverOftenItIsAdded) {
  Way().Fail(Fault::kLostAnswer, 1);
  const auto first = Way().Port().AddSample(Way().Known(), {"C:\\Temp\\drop \"1\".exe", "some bytes"}, {});
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(Way().Port().AddSample(Way().Known(), {"other.exe", "some bytes"}, {}), first);
  EXPECT_EQ(Way().Look().samples.at(*first), "drop _1_.exe");
  EXPECT_THAT(Way().Look().samples, SizeIs(2)) << "and the analysed one";
}

TEST_P(CritsContract, RelatingTwiceOrToItselfIsFine) {
  const auto id = Way().Port().AddSample(Way().Known(), {"drop.exe", "bytes"}, {});
  ASSERT_TRUE(id);
  EXPECT_TRUE(Way().Port().Relate(Way().Known(), *id, {}));
  EXPECT_TRUE(Way().Port().Relate(Way().Known(), *id, {}));
  EXPECT_TRUE(Way().Port().Relate(Way().Known(), Way().Known().object_id, {}));
  EXPECT_THAT(Way().Look().relations, ElementsAre(Pair(Way().Known().object_id, *id)));
}

TEST_P(CritsContract, APacketCaptureHasNoIdAndIsNoError) {
  EXPECT_EQ(Way().Port().AddSample(Way().Known(), {"x.pcap", "\xD4\xC3\xB2\xA1 packets"}, {}), "");
}

TEST_P(CritsContract, WhatCritsDoesNotKnowIsPermanentAndSaysWhat) {
  Analysis analysis = Way().Known();
  analysis.object_id = "000000000000000000000000";
  const auto no_object = Way().Port().Send(analysis, {kOne, "", Level::kInfo, std::nullopt}, {});
  ASSERT_FALSE(no_object);
  EXPECT_EQ(no_object.error().code, Errc::kRefused);
  EXPECT_THAT(no_object.error().what, HasSubstr("Could not find object"));
  EXPECT_FALSE(Way().Port().Relate(analysis, Way().Known().object_id, {}));
  analysis = Way().Known();
  analysis.source = "nosuch";
  const auto no_source = Way().Port().AddSample(analysis, {"a", "b"}, {});
  ASSERT_FALSE(no_source);
  EXPECT_THAT(no_source.error().what, HasSubstr("permission to add object using source nosuch"));
  EXPECT_EQ(ToError(no_source.error()).kind, ErrorKind::kPermanent);
  const auto empty = Way().Port().AddSample(Way().Known(), {"a", ""}, {});
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().what, HasSubstr("At least MD5 hash is required"));
}

TEST_P(CritsContract, AWrongKeyIsTransientAndNeverShown) {
  Analysis analysis = Way().Known();
  analysis.api_key = Secret("a-planted-secret");
  const auto sent = Way().Port().Send(analysis, {kOne, "", Level::kInfo, std::nullopt}, {});
  const auto added = Way().Port().AddSample(analysis, {"a", "b"}, {});
  const auto related = Way().Port().Relate(analysis, "6b01f681405ea78eaef8d26a", {});
  ASSERT_FALSE(sent || added || related);
  for (const CritsError& error : {sent.error(), added.error(), related.error()}) {
    EXPECT_EQ(error.code, Errc::kUnauthorized) << error.what;
    EXPECT_EQ(ToError(error).kind, ErrorKind::kTransient);
    EXPECT_THAT(error.what, Not(HasSubstr("a-planted-secret")));
  }
  EXPECT_THAT(Way().Look().results, IsEmpty());
}

TEST_P(CritsContract, AStopEndsACall) {
  std::stop_source stop;
  stop.request_stop();
  const auto sent = Way().Port().Send(Way().Known(), {kOne, "", Level::kInfo, std::nullopt}, stop.get_token());
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::kStopped);
}

}  // namespace brood::crits::contract
