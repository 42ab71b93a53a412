#include "http/curl/libcurl.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace brood::http::curl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Libcurl, IsLoadedOnce) {
  EXPECT_EQ(&Curl(), &Curl());
  EXPECT_STREQ(Curl().easy_strerror(CURLE_OK), "No error");
}

TEST(Libcurl, SaysWhyItCannotBeLoaded) {
  EXPECT_THAT([] { static_cast<void>(LoadLibcurl("libcurl-of-nobody.so")); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr("libcurl cannot be loaded"), HasSubstr("libcurl-of-nobody.so"))));
  EXPECT_THAT([] { static_cast<void>(LoadLibcurl("libz.so.1")); },
              ThrowsMessage<std::runtime_error>(HasSubstr("curl_global_init")));
}

}  // namespace
}  // namespace brood::http::curl
