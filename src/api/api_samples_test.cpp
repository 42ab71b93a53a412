#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing/api_bench.hpp"
#include "base/digest.hpp"

namespace brood::api {
namespace {

using http::Method;
using testing::HasSubstr;
using testing::IsEmpty;

class SamplesApi : public testing::Test {
 protected:
  SamplesApi() {
    bench_.settings.max_sample = 1'000;
    bench_.Start();
  }
  http::Response Put(const std::string& sha256, std::string body) {
    return bench_.Change(Method::kPut, "/api/v1/samples/" + sha256, std::move(body));
  }

  const std::string bytes_{"MZ\0\xFF bytes", 10};
  const std::string sha256_ = Sha256Hex(bytes_);
  ApiBench bench_;
};

TEST_F(SamplesApi, TheBytesAreKeptUnderTheirHashAndNothingElseHappens) {
  const auto answer = Put(sha256_, bytes_);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(TextOf(Parsed(answer), "sample"), "sha256:" + sha256_);
  const auto file = bench_.samples->Fetch(model::SampleHash(sha256_));
  ASSERT_TRUE(file);
  EXPECT_EQ(ReadFile(*file).value(), bytes_);
  EXPECT_TRUE(bench_.store.Submissions().List({}, {})->items.empty());
  EXPECT_FALSE(bench_.store.Hashes().Get(model::SampleHash(sha256_)).value());
  EXPECT_THAT(bench_.Published(), IsEmpty());
}

TEST_F(SamplesApi, TheSameBytesAgainChangeNothing) {
  ASSERT_EQ(Put(sha256_, bytes_).status, 201);
  const auto again = Put(sha256_, bytes_);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(TextOf(Parsed(again), "sample"), "sha256:" + sha256_);
}

TEST_F(SamplesApi, BytesOfAnotherHashAreNotKept) {
  const auto answer = Put(Sha256Hex("other"), bytes_);
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(ErrorIn(answer), HasSubstr("another SHA-256"));
  EXPECT_FALSE(bench_.samples->Has(model::SampleHash(sha256_)));
  EXPECT_FALSE(bench_.samples->Has(model::SampleHash(Sha256Hex("other"))));
}

TEST_F(SamplesApi, WhatIsTooLargeEmptyOrBadlyNamedIsRefused) {
  const std::string large(1'001, 'x');
  EXPECT_EQ(Put(Sha256Hex(large), large).status, 413);
  EXPECT_EQ(Put(Sha256Hex(""), "").status, 400);
  for (const char* name : {"x", "..%2F..%2Fetc%2Fpasswd"}) EXPECT_EQ(Put(name, bytes_).status, 400) << name;
  EXPECT_EQ(Put(sha256_ + "?name=a", bytes_).status, 400);
}

TEST_F(SamplesApi, ItNeedsTheToken) {
  const auto answer = bench_.Send(Method::kPut, "/api/v1/samples/" + sha256_, bytes_);
  EXPECT_EQ(answer.status, 401);
  EXPECT_FALSE(bench_.samples->Has(model::SampleHash(sha256_)));
}

}  // namespace
}  // namespace brood::api
