#include "letters/facts.hpp"

#include <gmock/gmock.h>

#include "model/messages_json.hpp"

namespace brood::letters {
namespace {

using testing::HasSubstr;
using testing::Not;

store::DeadLetter LetterOf(const std::string& message) {
  model::FailureMessage failure;
  failure.service = "feed_cuckoo";
  failure.queue = "worker/feed_cuckoo";
  failure.desc = "the sandbox refuses the sample";
  failure.error = "HTTP 400 of http://user:hidden@node.test/tasks, key k3y";
  failure.msg = message;
  failure.kind = ErrorKind::kPermanent;
  store::DeadLetter letter;
  letter.failure = model::ToJson(failure);
  return letter;
}

model::CritsData Crits() {
  return {"http://crits.test", "1111", "Sample", "6b01", "user", Secret("k3y"), "00", "s"};
}

TEST(Facts, OfATaskNameItsNodeAndAnalysis) {
  model::TaskMessage task;
  task.task = model::TaskId{7};
  task.node = model::NodeUrl{"http://user:hidden@node.test"};
  task.crits = Crits();
  task.sha256 = model::SampleHash{std::string(64, 'a')};
  const auto letter = LetterOf(model::ToJson(task));
  const Facts facts = FactsOf(letter);
  EXPECT_EQ(facts.stage, "feed_cuckoo");
  EXPECT_EQ(facts.kind, "permanent");
  EXPECT_EQ(facts.what, "the sandbox refuses the sample");
  EXPECT_THAT(facts.error, HasSubstr("HTTP 400 of http://node.test/tasks"));
  EXPECT_EQ(facts.task, model::TaskId{7});
  EXPECT_EQ(facts.analysis, "1111");
  EXPECT_EQ(facts.sha256.Get(), std::string(64, 'a'));
  for (const auto& text : {facts.error, facts.node, MessageOf(letter)}) {
    EXPECT_THAT(text, Not(HasSubstr("k3y")));
    EXPECT_THAT(text, Not(HasSubstr("hidden")));
  }
}

TEST(Facts, OfASampleNameTheFileAndNotItsBytes) {
  model::FeedMessage feed;
  feed.file_name = "a.exe";
  feed.file_data = std::string(3'000, 'x');
  feed.crits = Crits();
  const auto letter = LetterOf(model::ToJson(feed));
  const Facts facts = FactsOf(letter);
  EXPECT_EQ(facts.file, "a.exe");
  EXPECT_EQ(facts.analysis, "1111");
  EXPECT_LT(MessageOf(letter).size(), 1'000U);
}

TEST(Facts, OfARecordThatCannotBeReadSayThat) {
  store::DeadLetter letter;
  letter.failure = "no JSON, k3y";
  EXPECT_THAT(FactsOf(letter).error, HasSubstr("cannot be read"));
  EXPECT_THAT(MessageOf(letter), Not(HasSubstr("k3y")));
}

}  // namespace
}  // namespace brood::letters
