#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/curl/curl_client.hpp"
#include "store/opensearch/opensearch_store.hpp"
#include "store/opensearch/testing/search_engine.hpp"

namespace brood::store::opensearch {
namespace {

using ::testing::HasSubstr;

constexpr Time kNow{Millis{1'700'000'000'123}};
const model::SampleHash kSample(std::string(64, 'a'));

/// A real engine that each test may kill, stop and fill, as long as it puts it right again.
class Failures : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    settings_ = engine_.NewSettings();
    settings_.timeout = Millis{3'000};
    store_ = std::make_unique<OpenSearchStore>(settings_, std::make_shared<http::curl::CurlClient>(), clock_,
                                               metrics_);
    const auto made = store_->MakeIndices();
    ASSERT_TRUE(made) << made.error().what;
  }

  Result<Moved> Put(const std::string& id, model::State state = model::State::kAccepted) {
    model::Submission record;
    record.id = model::SubmissionId(id);
    record.state = state;
    record.changed = kNow;
    return store_->Submissions().Advance({&record, 1}).map([](const auto& answers) { return answers.front(); });
  }
  Result<bool> Has(const std::string& id) {
    return store_->Submissions().Get(model::SubmissionId(id)).map([](const auto& record) {
      return record.has_value();
    });
  }
  /// Until it answers again; a shard takes a moment to come back behind its node.
  void AwaitEngine() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!Has("anything") && std::chrono::steady_clock::now() < deadline) clock_.WaitFor(Millis{50}, {});
  }

  testing::SearchEngine& engine_ = testing::SearchEngine::Shared(GetParam());
  Settings settings_;
  SystemClock clock_;
  metrics::Registry metrics_;
  std::unique_ptr<OpenSearchStore> store_;
};

TEST_P(Failures, WhatWasAnsweredIsThereAfterAKill) {
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Put("s" + std::to_string(i)));
  ASSERT_TRUE(store_->Hashes().ClaimOne(kSample, model::SubmissionId("s1"), kNow));
  const auto generation =
      store_->Lists().PutWhitelist({WhitelistKind::kSubnet, "10.0.0.0/8", "us"}).and_then([&] {
        return store_->Lists().Generation();
      });
  ASSERT_TRUE(generation);
  engine_.Do("kill");
  const auto away = Put("later");
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().code, Errc::kUnavailable);
  engine_.Do("start");
  AwaitEngine();
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(Has("s" + std::to_string(i)).value()) << i;
  EXPECT_EQ(store_->Hashes().ClaimOne(kSample, model::SubmissionId("s2"), kNow).value(), Claimed::kTaken);
  EXPECT_EQ(store_->Lists().Generation().value(), *generation);
  EXPECT_EQ(Put("s7").value(), Moved::kCurrent) << "versions outlive it as well";
  EXPECT_EQ(Put("later").value(), Moved::kMoved);
}

TEST_P(Failures, AnEngineThatSaysNothingIsGivenUpAfterTheTimeout) {
  ASSERT_TRUE(Put("before"));
  engine_.Do("freeze");
  const auto began = std::chrono::steady_clock::now();
  const auto silent = Put("meanwhile");
  const auto took = std::chrono::steady_clock::now() - began;
  engine_.Do("thaw");
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, Errc::kUnavailable);
  EXPECT_GE(took, Millis{2'500});
  EXPECT_LE(took, Millis{20'000});
  AwaitEngine();
  // It may have been written after all: then the record stands, and whoever repeats it reads and follows.
  const auto again = Put("meanwhile");
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_TRUE(Has("meanwhile").value());
}

TEST_P(Failures, AFullDiskIsToldAndGoesAwayByItself) {
  ASSERT_TRUE(Put("before"));
  engine_.Do("fill_disk " + settings_.index_prefix + "*");
  const auto refused = Put("while it is full");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kFull) << refused.error().what;
  EXPECT_THAT(refused.error().what, HasSubstr("once its disk has room"));
  const auto claimed = store_->Hashes().ClaimOne(kSample, model::SubmissionId("s1"), kNow);
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, Errc::kFull);
  EXPECT_TRUE(Has("before").value()) << "reading goes on";
  engine_.Do("free_disk " + settings_.index_prefix + "*");
  EXPECT_EQ(Put("while it is full").value(), Moved::kMoved);
}

INSTANTIATE_TEST_SUITE_P(Of, Failures, ::testing::Values("opensearch", "elasticsearch"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace brood::store::opensearch
