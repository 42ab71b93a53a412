#include "api/submissions_json.hpp"

#include "api/blacklist_json.hpp"
#include "api/json_object.hpp"
#include "http/url.hpp"

namespace brood::api {

std::string ToJson(const model::Submission& record) {
  const std::string node = record.node.Get().empty() ? "" : http::ShownUrl(record.node.Get());
  return JsonObject()
      .Text("id", record.id.Get())
      .Text("sha256", record.sha256.Get())
      .Text("name", record.name)
      .Text("origin", record.origin)
      .Text("state", model::Name(record.state))
      .Int("attempt", record.attempt)
      .Int("accepted", ToMillis(record.accepted))
      .Int("changed", ToMillis(record.changed))
      .Text("node", node)
      .Int("task", record.task.Get())
      .Text("stage", record.stage)
      .Text("reason", record.reason)
      .Text("report_note", record.report_note)
      .Real("score", record.score)
      .Bool("blacklisted", record.blacklisted)
      .Json("reasons", ReasonsJson(record.reasons))
      .Finish();
}

std::string_view Name(intake::Accepted::Outcome outcome) {
  using Outcome = intake::Accepted::Outcome;
  switch (outcome) {
    case Outcome::kCounted:
      return "counted";
    case Outcome::kJoined:
      return "joined";
    case Outcome::kOnItsWay:
      return "on_its_way";
    case Outcome::kNew:
      break;
  }
  return "new";
}

std::string ToJson(const intake::Accepted& accepted, const model::SampleHash& sha256) {
  return JsonObject()
      .Text("submission", accepted.submission.Get())
      .Text("sha256", sha256.Get())
      .Text("outcome", Name(accepted.outcome))
      .Finish();
}

}  // namespace brood::api
