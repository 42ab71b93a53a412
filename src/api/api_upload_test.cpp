#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/published_ids.hpp"
#include "api/testing/api_bench.hpp"
#include "base/digest.hpp"
#include "model/messages_json.hpp"

namespace brood::api {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

/// A sample store whose disk has no room.
class FullSamples final : public samples::SampleStore {
 public:
  samples::Stored Put(std::string_view) override { return Full(); }
  std::vector<samples::Stored> PutFiles(std::span<const std::filesystem::path> files) override {
    return std::vector<samples::Stored>(files.size(), Full());
  }
  Expected<std::filesystem::path, samples::SampleError> Fetch(const model::SampleHash&) override {
    return Unexpected(samples::SampleError{samples::Errc::kUnknown, "none"});
  }
  bool Has(const model::SampleHash&) override { return false; }
  void Remove(const model::SampleHash&) override {}

 private:
  static tl::unexpected<samples::SampleError> Full() {
    return Unexpected(samples::SampleError{samples::Errc::kFull, "no room in /var/secret-place"});
  }
};

/// Claims that cannot be written.
class FailingHashes final : public store::Hashes {
 public:
  explicit FailingHashes(store::Errc code) : code_(code) {}
  store::Result<std::vector<store::Claimed>> ClaimAll(std::span<const store::Claim>, Time) override {
    return Fail();
  }
  store::Result<void> Count(const model::SampleHash&, const model::SubmissionId&) override { return Fail(); }
  store::Result<store::Claimed> TakeOver(const model::SampleHash&, const model::SubmissionId&,
                                         const model::SubmissionId&) override {
    return Fail();
  }
  store::Result<void> Release(const model::SampleHash&, const model::SubmissionId&) override { return Fail(); }
  store::Result<std::optional<store::HashRecord>> Get(const model::SampleHash&) override { return Fail(); }
  store::Result<std::size_t> Import(std::span<const store::HashRecord>) override { return Fail(); }
  store::Result<store::Listing<store::HashRecord>> Scan(const store::Page&) override { return Fail(); }

 private:
  tl::unexpected<store::StoreError> Fail() const { return Unexpected(store::StoreError{code_, "no room"}); }
  store::Errc code_;
};

TEST(Upload, ANewSampleIsStoredRecordedAndPublishedBeforeTheAnswer) {
  ApiBench bench;
  bench.Start();
  const auto answer = bench.Upload("name=a%20b.exe&package=exe&options=free%3Dyes", "some bytes");
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto document = Parsed(answer);
  const std::string id = TextOf(document, "submission");
  EXPECT_EQ(TextOf(document, "outcome"), "new");
  EXPECT_EQ(TextOf(document, "sha256"), Sha256Hex("some bytes"));
  EXPECT_EQ(http::Find(answer.headers, "Location"), "/api/v1/submissions/" + id);
  EXPECT_TRUE(bench.samples->Has(model::SampleHash(Sha256Hex("some bytes"))));
  const auto record = bench.store.Submissions().Get(model::SubmissionId(id));
  ASSERT_TRUE(record && *record);
  EXPECT_EQ((*record)->origin, "api");
  const auto published = bench.Published();
  ASSERT_THAT(published, SizeIs(1));
  const auto message = model::FeedMessageFromJson(published[0]);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->submission.Get(), id);
  EXPECT_EQ(message->file_name, "a b.exe");
  EXPECT_THAT(message->payload, testing::IsSupersetOf({Pair("package", "exe"), Pair("options", "free=yes")}));
}

TEST(Upload, KnownContentIsCountedUnderTheFirstSubmission) {
  ApiBench bench;
  bench.Start();
  const std::string first = TextOf(Parsed(bench.Upload("name=a", "same")), "submission");
  auto record = **bench.store.Submissions().Get(model::SubmissionId(first));
  record.state = model::State::kFed;
  ASSERT_TRUE(bench.store.Submissions().Advance(std::span(&record, 1)));
  const auto joined = bench.Upload("name=b", "same");
  EXPECT_EQ(joined.status, 200);
  EXPECT_EQ(TextOf(Parsed(joined), "outcome"), "joined");
  EXPECT_EQ(TextOf(Parsed(joined), "submission"), first);
  record.state = model::State::kScored;
  ASSERT_TRUE(bench.store.Submissions().Advance(std::span(&record, 1)));
  const auto second = bench.Upload("name=b", "same");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(TextOf(Parsed(second), "outcome"), "counted");
  EXPECT_EQ(TextOf(Parsed(second), "submission"), first);
  EXPECT_THAT(bench.Published(), SizeIs(1));
  EXPECT_EQ((*bench.store.Hashes().Get(model::SampleHash(Sha256Hex("same"))))->counter, 3U);
}

TEST(Upload, AgainAnalysesKnownContentOnceMore) {
  ApiBench bench;
  bench.Start();
  const std::string first = TextOf(Parsed(bench.Upload("name=a", "same")), "submission");
  const auto second = bench.Upload("name=a&again=1", "same");
  EXPECT_EQ(second.status, 201);
  EXPECT_NE(TextOf(Parsed(second), "submission"), first);
  EXPECT_THAT(bench.Published(), SizeIs(2));
}

TEST(Upload, AnIdempotencyKeyMakesARepetitionTheSameSubmission) {
  ApiBench bench;
  bench.Start();
  const http::HeaderList key = {{"Idempotency-Key", "order-17"}};
  const std::string first = TextOf(Parsed(bench.Upload("name=a", "same", key)), "submission");
  EXPECT_EQ(TextOf(Parsed(bench.Upload("name=a", "same", key)), "submission"), first);
  EXPECT_EQ((*bench.store.Hashes().Get(model::SampleHash(Sha256Hex("same"))))->counter, 1U);
  auto record = **bench.store.Submissions().Get(model::SubmissionId(first));
  record.state = model::State::kFed;
  ASSERT_TRUE(bench.store.Submissions().Advance(std::span(&record, 1)));
  const auto later = bench.Upload("name=a", "same", key);
  EXPECT_EQ(later.status, 200);
  EXPECT_EQ(TextOf(Parsed(later), "outcome"), "on_its_way");
  EXPECT_NE(TextOf(Parsed(bench.Upload("name=a", "other", key)), "submission"), first);
}

TEST(Upload, WhatWasAcceptedButNeverPublishedIsPublishedByTheNextSighting) {
  ApiBench bench;
  bench.Start();
  bench.queues->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kUnavailable, "away", {}}));
  const auto refused = bench.Upload("name=first&package=dll", "bytes");
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(ErrorIn(refused), HasSubstr("queue"));
  bench.queues->AnswerPublishes({});
  const auto counted = bench.Upload("name=second", "bytes");
  EXPECT_EQ(TextOf(Parsed(counted), "outcome"), "joined");
  const auto published = bench.Published();
  ASSERT_THAT(published, SizeIs(1));
  const auto message = model::FeedMessageFromJson(published[0]);
  EXPECT_EQ(message->submission.Get(), TextOf(Parsed(counted), "submission"));
  EXPECT_EQ(message->file_name, "first");
  EXPECT_EQ(message->payload.at("package"), "dll");
}

TEST(Upload, WhatWasPublishedIsNotPublishedAgainByTheNextSighting) {
  ApiBench bench;
  bench.Start();
  const std::string first = TextOf(Parsed(bench.Upload("name=a", "bytes")), "submission");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(TextOf(Parsed(bench.Upload("name=b", "bytes")), "submission"), first);
  EXPECT_THAT(bench.Published(), SizeIs(1));
}

TEST(PublishedIds, ForgetRatherThanGrow) {
  PublishedIds ids(2);
  const auto a = model::DeriveSubmissionId("a"), b = model::DeriveSubmissionId("b"),
             c = model::DeriveSubmissionId("c");
  ids.Add(a);
  ids.Add(b);
  EXPECT_TRUE(ids.Contains(a));
  ids.Add(c);
  EXPECT_FALSE(ids.Contains(a));
  EXPECT_TRUE(ids.Contains(c));
}

TEST(Upload, AClaimWhoseRecordWasNeverWrittenIsTakenOver) {
  ApiBench bench;
  bench.Start();
  const model::SubmissionId dead = model::DeriveSubmissionId("died between claim and record");
  ASSERT_TRUE(bench.store.Hashes().ClaimOne(model::SampleHash(Sha256Hex("bytes")), dead, bench.clock.Now()));
  const auto answer = bench.Upload("name=a", "bytes");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(TextOf(Parsed(answer), "submission"), dead.Get());
  EXPECT_THAT(bench.Published(), SizeIs(1));
}

TEST(Upload, AFullDiskOfTheSamplesIs507WithoutThePlace) {
  ApiBench bench;
  bench.samples = std::make_shared<FullSamples>();
  bench.Start();
  const auto answer = bench.Upload("name=a", "bytes");
  EXPECT_EQ(answer.status, 507);
  EXPECT_THAT(ErrorIn(answer), HasSubstr("disk is full"));
  EXPECT_THAT(answer.body, Not(HasSubstr("secret-place")));
  EXPECT_TRUE(bench.store.Submissions().List({}, {})->items.empty());
}

TEST(Upload, AFullDiskOfTheStoreIs507AndAStoreThatIsAway503) {
  for (const auto& [code, status] : {std::pair{store::Errc::kFull, 507}, {store::Errc::kUnavailable, 503}}) {
    ApiBench bench;
    FailingHashes hashes(code);
    bench.intake =
        std::make_shared<intake::Intake>(bench.store.Submissions(), hashes, intake::Settings{}, bench.clock);
    bench.Start();
    EXPECT_EQ(bench.Upload("name=a", "bytes").status, status);
    EXPECT_TRUE(bench.Published().empty());
  }
}

TEST(Upload, AFullDiskOfTheQueueIs507) {
  ApiBench bench;
  bench.Start();
  bench.queues->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kFull, "no room", {}}));
  EXPECT_EQ(bench.Upload("name=a", "bytes").status, 507);
  bench.queues->AnswerPublishes({});
  EXPECT_EQ(bench.Upload("name=a", "bytes").status, 200);
  EXPECT_THAT(bench.Published(), SizeIs(1));
}

TEST(Upload, AnEmptyBodyIsRefused) {
  ApiBench bench;
  bench.Start();
  const auto answer = bench.Upload("name=a", "");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(ErrorIn(answer), HasSubstr("empty"));
}

TEST(Upload, ASampleOverTheLimitIsRefusedAndOneAtTheLimitTaken) {
  ApiBench bench;
  bench.settings.max_sample = 100'000;
  bench.Start();
  EXPECT_EQ(bench.Upload("name=a", std::string(100'000, 'x')).status, 201);
  const auto refused = bench.Upload("name=a", std::string(100'001, 'x'));
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(ErrorIn(refused), HasSubstr("100000 bytes"));
}

TEST(Upload, ASampleThatFitsIntoNoMessageIsRefusedAndTheSettingsAreNamed) {
  ApiBench bench;
  bench.settings.most_inline = 1'000;
  bench.Start();
  EXPECT_EQ(bench.Upload("name=a", std::string(1'000, 'x')).status, 201);
  const auto refused = bench.Upload("name=a", std::string(1'001, 'x'));
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(ErrorIn(refused), HasSubstr("feed_cuckoo.interop"));
  EXPECT_THAT(ErrorIn(refused), HasSubstr("broker.max_message"));
}

TEST(Upload, ANameBecomesItsLastComponent) {
  ApiBench bench;
  bench.Start();
  for (const auto& [query, name] : {std::pair{"name=..%2F..%2Fetc%2Fpasswd", "passwd"},
                                    {"name=C%3A%5CWindows%5Ca.exe", "a.exe"},
                                    {"name=a%00b%0Ac", "abc"},
                                    {"name=%FFx", "\xEF\xBF\xBDx"}}) {
    const auto answer = bench.Upload(query, std::string("body of ") + name);
    ASSERT_EQ(answer.status, 201) << query;
    const auto record = bench.Get("/api/v1/submissions/" + TextOf(Parsed(answer), "submission"));
    EXPECT_EQ(TextOf(Parsed(record), "name"), name);
  }
}

TEST(Upload, BadParametersAreRefusedByName) {
  ApiBench bench;
  bench.Start();
  for (const auto& [query, what] : {std::pair{"", "'name'"},
                                    {"name=", "'name'"},
                                    {"name=..", "'name'"},
                                    {"name=a%2F", "'name'"},
                                    {"name=a&again=maybe", "'again'"},
                                    {"name=a&agian=1", "'agian'"},
                                    {"name=a&name=b", "'name'"},
                                    {"name=a&timeout=soon", "'timeout'"},
                                    {"name=a&package=a%0Ab", "'package'"}}) {
    const auto answer = bench.Upload(query, "bytes");
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(ErrorIn(answer), HasSubstr(what));
  }
  EXPECT_EQ(bench.Upload("name=a&options=" + std::string(1'025, 'o'), "bytes").status, 400);
  EXPECT_EQ(bench.Upload("name=a", "bytes", {{"Idempotency-Key", std::string(256, 'k')}}).status, 400);
  EXPECT_TRUE(bench.Published().empty());
}

}  // namespace
}  // namespace brood::api
