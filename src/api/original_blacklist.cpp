#include <string>
#include <unordered_set>

#include "api/canonical.hpp"
#include "api/json_object.hpp"
#include "api/resources.hpp"
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

Reply Exists(const Ports& ports, const std::string& type, const http::ServerRequest& request) {
  const auto id = http::FindField(request.query, "id");
  if (!id) return Refuse(400, "The parameter 'id' is missing: what to look for.");
  const auto key = BlacklistKey(type, *id);
  if (!key) return Unexpected(key.error());
  const auto entry = ports.store.Blacklist().Get(type, *key);
  if (!entry) return Refuse(entry.error());
  return http::Respond(200, *entry ? "True" : "False");
}

}  // namespace

void AddOriginalBlacklist(Routes& routes, const Ports& ports) {
  routes.Read("/hash/get/{since}",
              [&ports](const auto&, const auto& path) { return GetHashes(ports, path["since"]); });
  routes.Read("/blacklist/exist/{type}",
              [&ports](const auto& request, const auto& path) { return Exists(ports, path["type"], request); });
}

}  // namespace brood::api
