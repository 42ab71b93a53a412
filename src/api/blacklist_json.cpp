#include "api/blacklist_json.hpp"

#include "api/body_json.hpp"
#include "api/json_object.hpp"
#include "model/verdict_json.hpp"

namespace brood::api {

std::string ToJson(const store::BlacklistEntry& entry) {
  return JsonObject()
      .Text("type", entry.type)
      .Text("value", entry.value)
      .Text("sha256", entry.sha256)
      .Real("score", entry.score)
      .Text("origin", store::Name(entry.origin))
      .Int("last_change", ToMillis(entry.last_change))
      .Json("reasons", ReasonsJson(entry.reasons))
      .Finish();
}

std::string ReasonsJson(std::string_view stored) {
  if (stored.empty()) return "[]";
  const auto reasons = model::ReasonsFromJson(stored);
  return reasons ? model::ReasonsToJson(*reasons) : "[]";
}

std::string ReasonsOfPerson(const std::string& why) {
  return model::ReasonsToJson({{"Blacklisted through API", why, ""}});
}

Expected<std::string, Refusal> ReasonFromBody(std::string_view body) {
  if (body.empty()) return "";
  const auto fields = TextFieldsOf(body, {"reason"});
  if (!fields) return Unexpected(fields.error());
  return fields->at("reason");
}

}  // namespace brood::api
