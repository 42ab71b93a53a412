#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "api/submissions_json.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::api {
namespace {

Expected<store::SubmissionFilter, Refusal> FilterOf(const Parameters& parameters) {
  store::SubmissionFilter filter;
  if (const auto state = parameters.Text("state")) {
    filter.state = model::StateFrom(*state);
    if (!filter.state) {
      return Refuse(400, "The parameter 'state' must be accepted, feeding, fed, stored, failed or scored.");
    }
  }
  if (const auto sha256 = parameters.Text("sha256")) {
    filter.sha256 = model::SampleHash(LowerAscii(*sha256));
    if (!IsHex(filter.sha256->Get(), 64)) return Refuse(400, "The parameter 'sha256' must be 64 hex digits.");
  }
  return filter;
}

Reply List(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"state", "sha256", "limit", "after"});
  if (!parameters) return Unexpected(parameters.error());
  const auto filter = FilterOf(*parameters);
  if (!filter) return Unexpected(filter.error());
  const auto page = parameters->Page();
  if (!page) return Unexpected(page.error());
  const auto listing = ports.store.Submissions().List(*filter, *page);
  if (!listing) return Refuse(listing.error());
  return Json(JsonPage(*listing, [](const model::Submission& record) { return ToJson(record); }));
}

Reply Get(const Ports& ports, const std::string& id) {
  if (!IsHex(id, 32)) return Refuse(404, "There is no such submission: an id has 32 hex digits.");
  const auto record = ports.store.Submissions().Get(model::SubmissionId(id));
  if (!record) return Refuse(record.error());
  if (!*record) return Refuse(404, "There is no such submission.");
  return Json(ToJson(**record));
}

}  // namespace

void AddSubmissions(Routes& routes, const Ports& ports) {
  routes.Read("/api/v1/submissions",
              [&ports](const auto& request, const auto&) { return List(ports, request); });
  routes.Read("/api/v1/submissions/{id}",
              [&ports](const auto&, const auto& path) { return Get(ports, path["id"]); });
}

}  // namespace brood::api
