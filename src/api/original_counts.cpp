#include <chrono>
#include <string>

#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "base/utf8.hpp"
#include "store/limits.hpp"

namespace brood::api {
namespace {

constexpr auto kHour = std::chrono::hours(1);

Reply Number(const store::Result<std::uint64_t>& count) {
  if (!count) return Refuse(count.error());
  return http::Respond(200, std::to_string(*count));
}

Reply Count(const Ports& ports, const std::string& index_name, const std::string& type) {
  const auto index = store::IndexFrom(index_name);
  if (!index) {
    return Refuse(400,
                  "There is no such index; there are queue, hashes, cuckoo, blacklist, whitelist and "
                  "third_party_blacklist.");
  }
  if (type.size() > store::kMaxIdBytes || HasControlCharacters(type) || !IsUtf8(type)) {
    return Refuse(400, "What follows the index must be a type of its entries, or all.");
  }
  return Number(ports.store.Counts().Of(*index, type == "all" ? "" : type));
}

Reply BlacklistedInTheLastHour(const Ports& ports, std::string_view type) {
  return Number(ports.store.Blacklist().CountSince(type, ports.clock.Now() - kHour));
}

}  // namespace

void AddOriginalCounts(Routes& routes, const Ports& ports) {
  routes.Read("/count/{index}/{type}",
              [&ports](const auto&, const auto& path) { return Count(ports, path["index"], path["type"]); });
  routes.Read("/stats/hashes",
              [&ports](const auto&, const auto&) { return BlacklistedInTheLastHour(ports, "hash"); });
  routes.Read("/stats/ip",
              [&ports](const auto&, const auto&) { return BlacklistedInTheLastHour(ports, "ip"); });
  routes.Read("/cuckoo/get/hour", [&ports](const auto&, const auto&) {
    return Number(ports.store.Reports().CountSince(ports.clock.Now() - kHour));
  });
}

}  // namespace brood::api
