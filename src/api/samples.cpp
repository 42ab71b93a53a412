#include <fmt/format.h>

#include "api/json_object.hpp"
#include "api/parameters.hpp"
#include "api/resources.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kDigits = 64;

/// PUT /api/v1/samples/SHA256: the bytes are kept and nothing else happens. The answer names what a message
/// says in place of the bytes.
Reply Put(const Ports& ports, std::uint64_t max_sample, const http::ServerRequest& request,
          const std::string& name) {
  if (const auto none = Parameters::Of(request, {}); !none) return Unexpected(none.error());
  const std::string promised = LowerAscii(name);
  if (!IsHex(promised, kDigits))
    return Refuse(400, "The path must end in the sample's SHA-256, 64 hex digits.");
  if (request.body.empty()) return Refuse(400, "The body must be the sample's bytes; it is empty.");
  if (request.body.size() > max_sample) {
    return Refuse(413, fmt::format("The sample has over {} bytes (api.max_sample).", max_sample));
  }
  if (Sha256Hex(request.body) != promised) {
    return Refuse(400, "The body has another SHA-256 than the path says: nothing was kept.");
  }
  const bool known = ports.samples.Has(model::SampleHash(promised));
  const auto sha256 = ports.samples.Put(request.body);
  if (!sha256) return Refuse(sha256.error());
  return Json(JsonObject().Text("sample", "sha256:" + sha256->Get()).Text("sha256", sha256->Get()).Finish(),
              known ? 200 : 201);
}

}  // namespace

void AddSamples(Routes& routes, const Ports& ports, const Settings& settings) {
  routes.Change(
      http::Method::kPut, "/api/v1/samples/{sha256}",
      [&ports, max = settings.max_sample](const auto& request, const auto& path) {
        return Put(ports, max, request, path["sha256"]);
      },
      Routes::kSampleBody);
}

}  // namespace brood::api
