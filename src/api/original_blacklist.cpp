#include <span>
#include <string>
#include <unordered_set>

#include "api/blacklist_json.hpp"
#include "api/canonical.hpp"
#include "api/json_object.hpp"
#include "api/original_parameters.hpp"
#include "api/resources.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kPage = 10'000;
constexpr std::int64_t kMaxSeconds = 10'000'000'000;  // some 300 years

/// "60": changed in the last 60 seconds; "all": no bound.
Expected<std::optional<Time>, Refusal> SinceFrom(const std::string& text, Time now) {
  if (text == "all") return std::nullopt;
  const auto seconds = ParseInt(text);
  if (!seconds || *seconds < 0 || *seconds > kMaxSeconds) {
    return Refuse(400, "What follows /hash/get/ must be a number of seconds, or all.");
  }
  return now - std::chrono::seconds(*seconds);
}

/// Every MD5 once, oldest change first: an entry that changes while one pages comes twice from the store.
Reply GetHashes(const Ports& ports, const std::string& since_text) {
  const auto since = SinceFrom(since_text, ports.clock.Now());
  if (!since) return Unexpected(since.error());
  std::unordered_set<std::string> seen;
  std::string list = "[";
  store::Page page{kPage, ""};
  do {
    const auto listing = ports.store.Blacklist().Since("hash", *since, page);
    if (!listing) return Refuse(listing.error());
    for (const store::BlacklistEntry& entry : listing->items) {
      if (!seen.insert(entry.value).second) continue;
      if (list.size() > 1) list += ',';
      list += JsonText(entry.value);
    }
    page.after = listing->next;
  } while (!page.after.empty());
  return Json(list += ']');
}

Reply TrueOrFalse(bool value) { return http::Respond(200, value ? "True" : "False"); }

Expected<std::string, Refusal> IdOf(const http::ServerRequest& request) {
  return NeededInQuery(request, "id", "the value that is or shall be on the blacklist");
}

Reply Exists(const Ports& ports, const std::string& type, const http::ServerRequest& request) {
  const auto id = IdOf(request);
  if (!id) return Unexpected(id.error());
  const auto key = BlacklistKey(type, *id);
  if (!key) return Unexpected(key.error());
  const auto contains = ports.store.Blacklist().Contains(type, *key);
  if (!contains) return Refuse(contains.error());
  return TrueOrFalse(*contains);
}

/// As in the original, an entry that is there is kept as it is; False then: nothing was made.
Reply Create(const Ports& ports, const std::string& type, const http::ServerRequest& request) {
  const auto id = IdOf(request);
  if (!id) return Unexpected(id.error());
  auto value = CanonicalBlacklistValue(type, *id);
  if (!value) return Unexpected(value.error());
  const auto reason = NeededInQuery(request, "reason", "why the value is put on the blacklist")
                          .and_then([](const std::string& text) { return PlainWords("reason", text); });
  if (!reason) return Unexpected(reason.error());
  const auto standing = ports.store.Blacklist().Get(type, *value);
  if (!standing) return Refuse(standing.error());
  if (*standing) return TrueOrFalse(false);
  store::BlacklistEntry entry;
  entry.type = type;
  entry.value = std::move(*value);
  entry.last_change = ports.clock.Now();
  entry.reasons = ReasonsOfPerson(*reason);
  entry.origin = store::Origin::kApi;
  const auto put = ports.store.Blacklist().Upsert(std::span(&entry, 1));
  if (!put) return Refuse(put.error());
  log::Info("put on the blacklist through the API",
            {{"type", type}, {"value", entry.value}, {"from", request.remote}});
  return TrueOrFalse(true);
}

Reply Delete(const Ports& ports, const std::string& type, const http::ServerRequest& request) {
  const auto id = IdOf(request);
  if (!id) return Unexpected(id.error());
  const auto key = BlacklistKey(type, *id);
  if (!key) return Unexpected(key.error());
  const auto removed = ports.store.Blacklist().Remove(type, *key);
  if (!removed) return Refuse(removed.error());
  if (*removed) {
    log::Info("taken off the blacklist through the API",
              {{"type", type}, {"value", *key}, {"from", request.remote}});
  }
  return TrueOrFalse(*removed);
}

}  // namespace

void AddOriginalBlacklist(Routes& routes, const Ports& ports) {
  using http::Method;
  routes.Read("/hash/get/{since}",
              [&ports](const auto&, const auto& path) { return GetHashes(ports, path["since"]); });
  routes.Read("/blacklist/exist/{type}",
              [&ports](const auto& request, const auto& path) { return Exists(ports, path["type"], request); });
  routes.Change(Method::kGet, "/blacklist/create/{type}", [&ports](const auto& request, const auto& path) {
    return Create(ports, path["type"], request);
  });
  routes.Change(Method::kGet, "/blacklist/delete/{type}", [&ports](const auto& request, const auto& path) {
    return Delete(ports, path["type"], request);
  });
}

}  // namespace brood::api
