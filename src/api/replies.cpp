#include "api/replies.hpp"

#include "api/json_object.hpp"
#include "base/log.hpp"

namespace brood::api {
namespace {

tl::unexpected<Refusal> Full(const std::string& why) {
  log::Warning("a request is refused: the disk is full", {{"why", why}});
  return Refuse(507, "The disk is full: nothing was taken. Try again when there is room.");
}

tl::unexpected<Refusal> Away(std::string_view what, const std::string& why) {
  log::Warning("a request is refused", {{"what", what}, {"why", why}});
  return Refuse(503, std::string(what) + " does not answer. Try again.");
}

}  // namespace

http::ServerResponse Json(std::string document, int status) {
  return http::Respond(status, std::move(document), "application/json");
}

tl::unexpected<Refusal> Refuse(int status, std::string sentence) {
  return Unexpected(Refusal{status, std::move(sentence)});
}

tl::unexpected<Refusal> Refuse(const store::StoreError& error) {
  switch (error.code) {
    case store::Errc::kFull:
      return Full(error.what);
    case store::Errc::kInvalid:
      return Refuse(400, "The store refuses this: " + error.what + ".");
    case store::Errc::kDamaged:
      log::Error("a record cannot be read", {{"why", error.what}});
      return Refuse(500, "A record is damaged; the log says which.");
    case store::Errc::kUnavailable:
      break;
  }
  return Away("The store", error.what);
}

tl::unexpected<Refusal> Refuse(const samples::SampleError& error) {
  if (error.code == samples::Errc::kFull) return Full(error.what);
  if (error.code == samples::Errc::kTooLarge)
    return Refuse(413, "The sample is too large for the sample store.");
  return Away("The sample store", error.what);
}

tl::unexpected<Refusal> Refuse(const broker::BrokerError& error) {
  if (error.code == broker::Errc::kFull) return Full(error.what);
  return Away("The queue", error.what);
}

http::ServerResponse Render(const Refusal& refusal, const http::ServerRequest& request) {
  const bool json = request.path.starts_with("/api/");
  auto response = json ? Json(JsonObject().Text("error", refusal.sentence).Finish(), refusal.status)
                       : http::Respond(refusal.status, refusal.sentence + "\n");
  for (const auto& header : refusal.headers) response.headers.push_back(header);
  return response;
}

}  // namespace brood::api
