#include "letters/redact.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace brood::letters {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(SecretsIn, AreFoundByTheirNamesHoweverDeepAndWritten) {
  EXPECT_THAT(SecretsIn(R"({"crits_data":{"API_KEY":"k3y"},"list":[{"Token":"t0ken"}],"password":["pa55word"],
                           "rabbit_pw":"pw!","name":"plain","n":7})"),
              ElementsAre("pa55word", "t0ken", "k3y", "pw!"));
  EXPECT_THAT(SecretsIn("no JSON"), ElementsAre());
}

TEST(SecretsIn, AreNotFoundInTextsTooShortToBeOne) { EXPECT_THAT(SecretsIn(R"({"key":"a"})"), ElementsAre()); }

TEST(WithoutSecrets, CoversSecretsPlainAndEncodedAndWhatUrlsHold) {
  const std::string shown =
      WithoutSecrets("Post https://u:pw@crits.test/x?api_key=other: no, k/3 and k%2F3 are wrong", {"k/3"});
  EXPECT_EQ(shown, "Post https://crits.test/x?… no, [secret] and [secret] are wrong");
}

TEST(ShownMessage, IsTheMessageWithoutKeysAndSamples) {
  const std::string sample(5'000, 'A');
  const auto shown =
      ShownMessage(R"({"file":{"name":"a.exe","data":")" + sample +
                   R"("},"note":"k3y again","crits_data":{"api_key":"k3y","username":"u","token":""}})");
  EXPECT_THAT(shown, Not(HasSubstr("k3y")));
  const auto value = boost::json::parse(shown);
  EXPECT_EQ(value.at("file").at("name"), "a.exe");
  EXPECT_EQ(value.at("file").at("data"), "[5000 bytes]");
  EXPECT_EQ(value.at("crits_data").at("api_key"), "[secret]");
  EXPECT_EQ(value.at("crits_data").at("username"), "u");
  EXPECT_EQ(value.at("crits_data").at("token"), "");
  EXPECT_EQ(value.at("note"), "[secret] again");
}

TEST(ShownMessage, OfWhatCannotBeReadIsOnlyTheSize) {
  EXPECT_EQ(ShownMessage("{api_key: k3y"), R"("[13 bytes that are no JSON]")");
}

}  // namespace
}  // namespace brood::letters
