#include "http/allow_list.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace brood::http {
namespace {

TEST(AllowList, WithoutAUrlAllowsAny) {
  const AllowList any;
  EXPECT_TRUE(any.Allows("https://crits.example"));
  EXPECT_FALSE(any.Allows("ftp://crits.example"));
  EXPECT_FALSE(any.Allows("https://user:password@crits.example"));
  EXPECT_FALSE(any.Allows(""));
}

TEST(AllowList, AllowsWhatIsOnItAndBelow) {
  const AllowList list({"https://crits.example", "http://10.0.0.1:8080/crits/"});
  for (const char* url : {"https://crits.example", "https://CRITS.example:443/", "https://crits.example/x",
                          "http://10.0.0.1:8080/crits", "http://10.0.0.1:8080/crits/sub"}) {
    EXPECT_TRUE(list.Allows(url)) << url;
  }
  for (const char* url :
       {"http://crits.example", "https://crits.example:8443", "https://crits.example.evil.test",
        "https://evil.test/https://crits.example", "http://10.0.0.1:8080/critsx", "http://10.0.0.1:8080/",
        "http://10.0.0.1:8080/crits/../admin", "http://10.0.0.1:8080/crits/%2e%2e/admin",
        "https://crits.example@evil.test", "https://crits.example?x=1"}) {
    EXPECT_FALSE(list.Allows(url)) << url;
  }
}

TEST(AllowList, RefusesWhatIsNoUrl) {
  EXPECT_THROW(AllowList({"crits.example"}), std::invalid_argument);
  EXPECT_NE(AllowList::Complaint({"https://a.test", "crits.example"}), "");
  EXPECT_EQ(AllowList::Complaint({"https://a.test"}), "");
}

}  // namespace
}  // namespace brood::http
