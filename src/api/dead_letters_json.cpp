#include "api/dead_letters_json.hpp"

#include "api/json_object.hpp"
#include "letters/facts.hpp"

namespace brood::api {
namespace {

JsonObject Fields(const store::DeadLetter& letter) {
  const letters::Facts facts = letters::FactsOf(letter);
  JsonObject object;
  object.Text("key", letter.key)
      .Text("queue", letter.queue)
      .Text("submission", letter.submission.Get())
      .Text("state", store::Name(letter.state))
      .Int("attempts", letter.attempts)
      .Int("due", ToMillis(letter.due))
      .Int("changed", ToMillis(letter.changed))
      .Text("stage", facts.stage)
      .Text("kind", facts.kind)
      .Text("what", facts.what)
      .Text("error", facts.error)
      .Text("sha256", facts.sha256.Get())
      .Text("name", facts.file)
      .Text("node", facts.node)
      .Int("task", facts.task.Get())
      .Text("analysis", facts.analysis)
      .Text("note", letter.note);
  return object;
}

}  // namespace

std::string ToJson(const store::DeadLetter& letter) { return Fields(letter).Finish(); }

std::string ToJsonWithMessage(const store::DeadLetter& letter) {
  return Fields(letter).Json("message", letters::MessageOf(letter)).Finish();
}

}  // namespace brood::api
