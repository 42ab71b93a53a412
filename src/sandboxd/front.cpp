#include "sandboxd/front.hpp"

#include <openssl/crypto.h>

#include "sandboxd/answers_json.hpp"
#include "sandboxd/persona.hpp"

namespace brood::sandboxd {
namespace {

constexpr std::string_view kWantsToken =
    "Authentication in the form of an 'Authorization: Bearer <TOKEN>' header is required";

}  // namespace

Front::Front(Service& service) : service_(service) {
  AddCreateRoutes(router_, service_);
  AddTaskRoutes(router_, service_);
  AddReportRoutes(router_, service_);
  AddFileRoutes(router_, service_);
  AddNodeRoutes(router_, service_);
  router_.OnRefusal([this](const http::ServerRequest& request, int status) {
    return ErrorPage(service_.Manners(), status, request);
  });
}

/// The scheme's case matters, as on 2.0.7. Takes the same time wherever the tokens differ.
bool Front::IsAuthorized(const http::ServerRequest& request) const {
  const Secret& token = service_.settings.token;
  if (token.Empty()) return true;
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view header = http::Find(request.headers, "Authorization").value_or("");
  if (!header.starts_with(kScheme)) return false;
  const std::string_view given = header.substr(kScheme.size());
  const std::string& wanted = token.Reveal();
  return given.size() == wanted.size() && CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

std::optional<http::ServerResponse> Front::Admit(const http::ServerRequest& head) const {
  if (IsAuthorized(head)) return std::nullopt;
  const Persona persona = service_.Manners();
  auto refusal = http::Respond(401, MessageAnswer(persona, kWantsToken), "application/json");
  AddHeaders(persona, refusal);
  return refusal;
}

http::ServerResponse Front::Answer(const http::ServerRequest& request) {
  const Persona persona = service_.Manners();
  FaultDice& faults = service_.faults;
  if (faults.StrikesNext(Fault::kServerError)) return ErrorPage(persona, 500, request);
  // The router forgives a slash at the end; the originals do not.
  if (request.path.size() > 1 && request.path.ends_with('/')) return ErrorPage(persona, 404, request);
  http::ServerResponse response = router_(request);
  if (faults.StrikesNext(Fault::kLostAnswer)) response.delivery.no_answer = true;
  if (faults.StrikesNext(Fault::kSlow)) response.delivery.delay = faults.SlowFor();
  return response;
}

http::ServerResponse Front::operator()(const http::ServerRequest& request) {
  if (auto refusal = Admit(request)) return std::move(*refusal);
  http::ServerResponse response = Answer(request);
  AddHeaders(service_.Manners(), response);
  return response;
}

}  // namespace brood::sandboxd
