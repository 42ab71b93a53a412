#include "api/canonical.hpp"
#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "api/whitelist_json.hpp"
#include "base/log.hpp"

namespace brood::api {
namespace {

Reply List(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"kind"});
  if (!parameters) return Unexpected(parameters.error());
  const auto wanted = parameters->Text("kind");
  const auto kind = KindFrom(wanted.value_or(""));
  if (!kind) return Unexpected(kind.error());
  auto entries = ports.store.Lists().Whitelist();
  if (!entries) return Refuse(entries.error());
  if (wanted) std::erase_if(*entries, [&](const store::WhitelistEntry& entry) { return entry.kind != *kind; });
  const store::Listing<store::WhitelistEntry> all{std::move(*entries), ""};
  return Json(JsonPage(all, [](const store::WhitelistEntry& entry) { return ToJson(entry); }));
}

Reply Put(const Ports& ports, const http::ServerRequest& request) {
  const auto entry = WhitelistEntryFromBody(request.body);
  if (!entry) return Unexpected(entry.error());
  const auto put = ports.store.Lists().PutWhitelist(*entry);
  if (!put) return Refuse(put.error());
  log::Info("put on the whitelist through the API",
            {{"kind", store::Name(entry->kind)}, {"value", entry->value}, {"from", request.remote}});
  return Json(ToJson(*entry));
}

Reply Remove(const Ports& ports, const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(request, {"kind", "value"});
  if (!parameters) return Unexpected(parameters.error());
  const auto kind = KindFrom(parameters->Text("kind").value_or(""));
  if (!kind) return Unexpected(kind.error());
  const auto value = CanonicalWhitelistValue(*kind, parameters->Text("value").value_or(""));
  if (!value) return Unexpected(value.error());
  const auto removed = ports.store.Lists().RemoveWhitelist(*kind, *value);
  if (!removed) return Refuse(removed.error());
  if (!*removed) return Refuse(404, "That is not on the whitelist.");
  log::Info("taken off the whitelist through the API",
            {{"kind", store::Name(*kind)}, {"value", *value}, {"from", request.remote}});
  return http::Respond(204, "");
}

}  // namespace

void AddWhitelist(Routes& routes, const Ports& ports) {
  constexpr std::string_view kPath = "/api/v1/whitelist";
  routes.Read(kPath, [&ports](const auto& request, const auto&) { return List(ports, request); });
  routes.Change(http::Method::kPost, kPath,
                [&ports](const auto& request, const auto&) { return Put(ports, request); });
  routes.Change(http::Method::kDelete, kPath,
                [&ports](const auto& request, const auto&) { return Remove(ports, request); });
}

}  // namespace brood::api
