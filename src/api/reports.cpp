#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "store/limits.hpp"

namespace brood::api {
namespace {

/// `id` is a sample's SHA-256, a submission's id or "node:task".
Reply GetReport(const Ports& ports, const std::string& id) {
  if (id.size() > store::kMaxIdBytes || HasControlCharacters(id) || !IsUtf8(id)) {
    return Refuse(404, "There is no such report: that is no report's id.");
  }
  auto report = ports.store.Reports().Get(id);
  if (!report) return Refuse(report.error());
  if (!*report) return Refuse(404, "There is no such report.");
  return Json(std::move((*report)->document));
}

}  // namespace

void AddReports(Routes& routes, const Ports& ports) {
  routes.Read("/api/v1/reports/{id}",
              [&ports](const auto&, const auto& path) { return GetReport(ports, path["id"]); });
}

}  // namespace brood::api
