#include "api/blacklist_json.hpp"
#include "api/canonical.hpp"
#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "base/log.hpp"

namespace brood::api {
namespace {

constexpr std::int64_t kMaxMillis = 1'000'000'000'000'000;

Reply List(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"type", "since", "limit", "after"});
  if (!parameters) return Unexpected(parameters.error());
  const auto since = parameters->Int("since", 0, kMaxMillis);
  if (!since) return Unexpected(since.error());
  const auto page = parameters->Page();
  if (!page) return Unexpected(page.error());
  const auto from = *since ? std::optional(FromMillis(**since)) : std::nullopt;
  const auto listing = ports.store.Blacklist().Since(parameters->Text("type").value_or(""), from, *page);
  if (!listing) return Refuse(listing.error());
  return Json(JsonPage(*listing, [](const store::BlacklistEntry& entry) { return ToJson(entry); }));
}

Reply Put(const Ports& ports, const http::ServerRequest& request, const std::string& type,
          const std::string& value) {
  auto canonical = CanonicalBlacklistValue(type, value);
  if (!canonical) return Unexpected(canonical.error());
  const auto why = ReasonFromBody(request.body);
  if (!why) return Unexpected(why.error());
  store::BlacklistEntry entry;
  entry.type = type;
  entry.value = std::move(*canonical);
  entry.last_change = ports.clock.Now();
  entry.reasons = ReasonsOfPerson(*why);
  entry.origin = store::Origin::kApi;
  const auto put = ports.store.Blacklist().Upsert(std::span(&entry, 1));
  if (!put) return Refuse(put.error());
  log::Info("put on the blacklist through the API",
            {{"type", type}, {"value", entry.value}, {"from", request.remote}});
  return Json(ToJson(entry));
}

Reply Remove(const Ports& ports, const http::ServerRequest& request, const std::string& type,
             const std::string& value) {
  const auto key = BlacklistKey(type, value);
  if (!key) return Unexpected(key.error());
  const auto removed = ports.store.Blacklist().Remove(type, *key);
  if (!removed) return Refuse(removed.error());
  if (!*removed) return Refuse(404, "That is not on the blacklist.");
  log::Info("taken off the blacklist through the API",
            {{"type", type}, {"value", *key}, {"from", request.remote}});
  return http::Respond(204, "");
}

}  // namespace

void AddBlacklist(Routes& routes, const Ports& ports) {
  constexpr std::string_view kEntry = "/api/v1/blacklist/{type}/{value*}";
  routes.Read("/api/v1/blacklist", [&ports](const auto& request, const auto&) { return List(ports, request); });
  routes.Change(http::Method::kPut, kEntry, [&ports](const auto& request, const auto& path) {
    return Put(ports, request, path["type"], path["value"]);
  });
  routes.Change(http::Method::kDelete, kEntry, [&ports](const auto& request, const auto& path) {
    return Remove(ports, request, path["type"], path["value"]);
  });
}

}  // namespace brood::api
