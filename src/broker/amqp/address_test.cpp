#include "broker/amqp/address.hpp"

#include <gtest/gtest.h>

namespace brood::broker::amqp {
namespace {

TEST(AmqpUrl, IsReadWithAllItsParts) {
  const auto address = ParseUrl("amqp://brood:p%40ss%3aword@rabbit.example:5673/cuckoo%2fprod");
  ASSERT_TRUE(address);
  EXPECT_FALSE(address->tls);
  EXPECT_EQ(address->host, (Host{"rabbit.example", 5673}));
  EXPECT_EQ(address->user, "brood");
  EXPECT_EQ(address->password.Reveal(), "p@ss:word");
  EXPECT_EQ(address->vhost, "cuckoo/prod");
}

TEST(AmqpUrl, HasTheUsualDefaults) {
  for (const char* url : {"amqp://localhost", "amqp://localhost/"}) {
    const auto address = ParseUrl(url);
    ASSERT_TRUE(address) << url;
    EXPECT_EQ(address->host, (Host{"localhost", 5672}));
    EXPECT_EQ(address->user, "guest");
    EXPECT_EQ(address->password.Reveal(), "guest");
    EXPECT_EQ(address->vhost, "/");
  }
  EXPECT_EQ(ParseUrl("amqps://localhost")->host.port, 5671);
  EXPECT_TRUE(ParseUrl("amqps://localhost")->tls);
  EXPECT_TRUE(ParseUrl("amqp://brood@localhost")->password.Empty());
}

TEST(AmqpUrl, TakesAnAddressOfVersionSix) {
  EXPECT_EQ(ParseUrl("amqp://a:b@[::1]:5000/x")->host, (Host{"::1", 5000}));
  EXPECT_EQ(Shown(Host{"::1", 5000}), "[::1]:5000");
}

TEST(AmqpUrl, KeepsAPasswordWithAnAtSign) {
  const auto address = ParseUrl("amqp://user:p@ss@host/");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->password.Reveal(), "p@ss");
  EXPECT_EQ(address->host.name, "host");
}

TEST(AmqpUrl, ComplainsWithoutThePassword) {
  for (const char* url :
       {"http://u:hunter2@h/", "amqp://u:hunter2@/", "amqp://u:hunter2@h:port/", "amqp://u:hunter2@h:0/",
        "amqp://u:hunter2@h:70000/", "amqp://u:hunter2@[::1/", "amqp://u:hunter2@h/a/b"}) {
    const auto address = ParseUrl(url);
    ASSERT_FALSE(address) << url;
    EXPECT_FALSE(Describe(address.error()).empty());
    EXPECT_EQ(Describe(address.error()).find("hunter2"), std::string::npos) << Describe(address.error());
  }
}

}  // namespace
}  // namespace brood::broker::amqp
