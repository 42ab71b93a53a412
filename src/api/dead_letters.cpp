#include "api/body_json.hpp"
#include "api/dead_letters_json.hpp"
#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "base/digest.hpp"
#include "base/log.hpp"
#include "letters/desk.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kKeyDigits = 64;

bool IsHexOfAtMost(std::string_view text, std::size_t digits) {
  return text.size() <= digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Expected<store::LetterFilter, Refusal> FilterOf(const Parameters& parameters) {
  store::LetterFilter filter;
  if (const auto word = parameters.Text("state")) {
    filter.state = store::LetterStateFrom(*word);
    if (!filter.state) return Refuse(400, "The parameter 'state' must be delayed, sent, dead or dropped.");
  }
  filter.queue = parameters.Text("queue").value_or("");
  filter.key_prefix = parameters.Text("key").value_or("");
  if (!IsHexOfAtMost(filter.key_prefix, kKeyDigits)) {
    return Refuse(400, "The parameter 'key' must be the first of a key's 64 hex digits.");
  }
  return filter;
}

Reply List(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"state", "queue", "key", "limit", "after"});
  if (!parameters) return Unexpected(parameters.error());
  const auto filter = FilterOf(*parameters);
  if (!filter) return Unexpected(filter.error());
  const auto page = parameters->Page();
  if (!page) return Unexpected(page.error());
  const auto listing = ports.store.DeadLetters().List(*filter, *page);
  if (!listing) return Refuse(listing.error());
  return Json(JsonPage(*listing, [](const store::DeadLetter& letter) { return ToJson(letter); }));
}

Reply NoSuchLetter() { return Refuse(404, "There is no such dead letter: a key has 64 hex digits."); }

Reply Get(const Ports& ports, const std::string& key) {
  if (!IsHex(key, kKeyDigits)) return NoSuchLetter();
  const auto letter = ports.store.DeadLetters().Get(key);
  if (!letter) return Refuse(letter.error());
  if (!*letter) return Refuse(404, "There is no such dead letter.");
  return Json(ToJsonWithMessage(**letter));
}

Reply Answer(const letters::Answer& answer) {
  if (answer) return Json(ToJson(*answer));
  const letters::DeskError& error = answer.error();
  if (error.code == letters::Errc::kStore) return Refuse(error.store);
  return Refuse(error.code == letters::Errc::kUnknown ? 404 : 409, error.sentence);
}

letters::Desk DeskOf(const Ports& ports) {
  return letters::Desk(ports.store.DeadLetters(), ports.clock, ports.remove_dump);
}

Reply Retry(const Ports& ports, const http::ServerRequest& request, const std::string& key) {
  if (!IsHex(key, kKeyDigits)) return NoSuchLetter();
  if (const auto nothing = TextFieldsOf(request.body.empty() ? "{}" : request.body, {}); !nothing)
    return Unexpected(nothing.error());
  const auto answer = DeskOf(ports).Retry(key);
  if (answer) {
    log::Info("a dead letter is to be sent again, says the API",
              {{"key", key}, {"queue", answer->queue}, {"from", request.remote}});
  }
  return Answer(answer);
}

Reply Drop(const Ports& ports, const http::ServerRequest& request, const std::string& key) {
  if (!IsHex(key, kKeyDigits)) return NoSuchLetter();
  const auto fields = TextFieldsOf(request.body, {"reason"});
  if (!fields) return Unexpected(fields.error());
  const std::string& reason = fields->at("reason");
  if (reason.empty()) return Refuse(400, "The body's 'reason' must say why it is dropped.");
  const auto answer = DeskOf(ports).Drop(key, reason);
  if (answer) {
    log::Warning("a dead letter is dropped through the API",
                 {{"key", key}, {"queue", answer->queue}, {"why", answer->note}, {"from", request.remote}});
  }
  return Answer(answer);
}

}  // namespace

void AddDeadLetters(Routes& routes, const Ports& ports) {
  routes.Read("/api/v1/dead", [&ports](const auto& request, const auto&) { return List(ports, request); });
  routes.Read("/api/v1/dead/{key}",
              [&ports](const auto&, const auto& path) { return Get(ports, path["key"]); });
  routes.Change(http::Method::kPost, "/api/v1/dead/{key}/retry",
                [&ports](const auto& request, const auto& path) { return Retry(ports, request, path["key"]); });
  routes.Change(http::Method::kPost, "/api/v1/dead/{key}/drop",
                [&ports](const auto& request, const auto& path) { return Drop(ports, request, path["key"]); });
}

}  // namespace brood::api
