#include "api/dead_letters_json.hpp"
#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"

namespace brood::api {
namespace {

Reply List(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"state", "limit", "after"});
  if (!parameters) return Unexpected(parameters.error());
  const auto word = parameters->Text("state");
  const auto state = word ? store::LetterStateFrom(*word) : std::nullopt;
  if (word && !state) return Refuse(400, "The parameter 'state' must be delayed, sent or dead.");
  const auto page = parameters->Page();
  if (!page) return Unexpected(page.error());
  const auto listing = ports.store.DeadLetters().List(state, *page);
  if (!listing) return Refuse(listing.error());
  return Json(JsonPage(*listing, [](const store::DeadLetter& letter) { return ToJson(letter); }));
}

}  // namespace

void AddDeadLetters(Routes& routes, const Ports& ports) {
  routes.Read("/api/v1/dead", [&ports](const auto& request, const auto&) { return List(ports, request); });
}

}  // namespace brood::api
