#include <gmock/gmock.h>

#include "broker/amqp/testing/amqp_test.hpp"

namespace brood::broker::amqp {
namespace {

using ::testing::HasSubstr;

class AmqpTls : public testing::AmqpTest {
 protected:
  void SetUp() override {
    settings_.url = rabbit_.TlsUrl("localhost", vhost_);
    settings_.ca_file = rabbit_.TlsFolder() + "/ca.pem";
  }
};

TEST_F(AmqpTls, CarriesMessagesOfAnySizeWhenTheAuthorityIsKnown) {
  const auto broker = Connect();
  ASSERT_TRUE(broker->Declare({"in"}));
  const std::string big(std::size_t{1} << 20, 'b');
  ASSERT_TRUE(broker->Publish(std::vector<Outgoing>{{"in", "small", {}}, {"in", big, {}}}));
  const auto source = std::move(*broker->Consume({{"in"}, 10}));
  EXPECT_EQ(Drain(*source, 2), (std::set<std::string>{"small", big}));
}

TEST_F(AmqpTls, RefusesACertificateOfAnUnknownAuthority) {
  settings_.ca_file = rabbit_.TlsFolder() + "/stranger.pem";
  const auto declared = Connect()->Declare({"in"});
  ASSERT_FALSE(declared);
  EXPECT_THAT(declared.error().what, HasSubstr("not signed by an authority that we know (broker.ca_file)"));
}

TEST_F(AmqpTls, RefusesTheSystemsAuthoritiesForAPrivateOne) {
  settings_.ca_file.clear();
  EXPECT_FALSE(Connect()->Declare({"in"}));
}

TEST_F(AmqpTls, RefusesACertificateForAnotherName) {
  settings_.url = rabbit_.TlsUrl("127.0.0.1", vhost_);
  const auto declared = Connect()->Declare({"in"});
  ASSERT_FALSE(declared);
  EXPECT_THAT(declared.error().what, HasSubstr("another name"));
}

TEST_F(AmqpTls, TakesAnyCertificateWhenToldNotToLook) {
  settings_.url = rabbit_.TlsUrl("127.0.0.1", vhost_);
  settings_.ca_file.clear();
  settings_.verify_tls = false;
  EXPECT_TRUE(Connect()->Declare({"in"}));
}

TEST_F(AmqpTls, NamesAFileOfAuthoritiesThatIsNotThere) {
  settings_.ca_file = "/nowhere/ca.pem";
  const auto declared = Connect()->Declare({"in"});
  ASSERT_FALSE(declared);
  EXPECT_THAT(declared.error().what, HasSubstr("/nowhere/ca.pem"));
}

TEST_F(AmqpTls, IsNotGivenUpForAPlainAnswer) {
  settings_.url = "amqps://guest:guest@localhost:" + std::to_string(rabbit_.Port()) + "/" + vhost_;
  settings_.give_up_after = Millis{100};
  EXPECT_FALSE(Connect()->Declare({"in"}));
}

}  // namespace
}  // namespace brood::broker::amqp
