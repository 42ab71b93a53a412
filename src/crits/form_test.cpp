#include "crits/form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/url.hpp"

namespace brood::crits {
namespace {

using http::FieldList;

Analysis Some() {
  Analysis analysis;
  analysis.analysis_id = "11111111-2222-3333-4444-555555555555";
  analysis.object_type = "Sample";
  analysis.object_id = "6b01f626405ea78eaef8d266";
  analysis.username = "crits";
  analysis.api_key = Secret("0123456789abcdef");
  analysis.source = "test";
  return analysis;
}

Batch OneResult() { return {R"(["a"])", R"(["{}"])", R"(["s"])", 1}; }

TEST(Form, ResultsLogAndEndGoInOneRequest) {
  const FieldList wanted = {{"username", "crits"},
                            {"api_key", "0123456789abcdef"},
                            {"object_type", "Sample"},
                            {"object_id", "6b01f626405ea78eaef8d266"},
                            {"analysis_id", "11111111-2222-3333-4444-555555555555"},
                            {"result_is_batch", "true"},
                            {"result", R"(["a"])"},
                            {"result_type", R"(["{}"])"},
                            {"result_subtype", R"(["s"])"},
                            {"log_message", "2 files left out"},
                            {"log_level", "warning"},
                            {"finish", "true"},
                            {"status", "error"}};
  EXPECT_EQ(ServiceFields(Some(), {OneResult(), "2 files left out", Level::kWarning, End::kError}), wanted);
}

TEST(Form, WhatIsEmptyIsLeftOut) {
  EXPECT_EQ(ServiceFields(Some(), {}).size(), 5U) << "empty lists would be refused";
  const auto ended = ServiceFields(Some(), {{}, "", Level::kInfo, End::kCompleted});
  EXPECT_EQ(http::FindField(ended, "status"), "completed");
  EXPECT_FALSE(http::FindField(ended, "log_message"));
}

TEST(Form, ALongLogIsCut) {
  const auto fields = ServiceFields(Some(), {{}, std::string(10'000, 'x'), Level::kError, std::nullopt});
  EXPECT_LE(http::FindField(fields, "log_message")->size(), kMaxLogBytes + 3);
}

TEST(Form, TheRoomForResultsKeepsTheWholeBodyUnderItsLimit) {
  constexpr std::size_t kMaxBody = 20'000;
  const std::size_t room = RoomForResults(Some(), kMaxBody);
  Batches batches({room, 12'000'000}, 0, 1);
  for (int i = 0; i < 1'000; ++i) batches.Add({"file", "C:\\\\ü " + std::to_string(i), ""});
  std::size_t largest = 0;
  for (Batch& batch : batches.Take()) {
    const Update update{std::move(batch), std::string(5'000, '\\'), Level::kWarning, End::kCompleted};
    largest = std::max(largest, http::EncodeFields(ServiceFields(Some(), update)).size());
  }
  EXPECT_LE(largest, kMaxBody);
  EXPECT_GT(largest, kMaxBody * 9 / 10);
  EXPECT_EQ(RoomForResults(Some(), 0), 0U);
  EXPECT_EQ(RoomForResults(Some(), 10), 1U) << "no room is not no limit";
}

TEST(Form, EncodedSizeIsWhatTheBodyTakes) {
  const std::string text = "aZ9-._~ é\\\"\n\x01/";
  EXPECT_EQ(EncodedSize(text), http::PercentEncode(text).size());
}

TEST(Form, FileNamesHarmNobody) {
  EXPECT_EQ(FormFileName("files/1001/a.exe"), "a.exe");
  EXPECT_EQ(FormFileName("C:\\Temp\\b.exe"), "b.exe");
  EXPECT_EQ(FormFileName("x\r\n\"y"), "x___y");
  EXPECT_EQ(FormFileName(""), "unnamed");
  EXPECT_EQ(FormFileName("a/"), "unnamed");
  EXPECT_LE(FormFileName(std::string(1'000, 'n')).size(), 255U);
}

TEST(Form, SamplesAndRelations) {
  EXPECT_EQ(SampleFields(Some()), (FieldList{{"username", "crits"},
                                             {"api_key", "0123456789abcdef"},
                                             {"source", "test"},
                                             {"upload_type", "file"},
                                             {"file_format", "raw"}}));
  EXPECT_EQ(RelationFields("10c9"), (FieldList{{"action", "forge_relationship"},
                                               {"right_type", "Sample"},
                                               {"right_id", "10c9"},
                                               {"rel_type", "Related To"}}));
}

}  // namespace
}  // namespace brood::crits
