#include "api/routes.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace brood::api {
namespace {

std::string SentenceFor(int status) {
  if (status == 400) return "The path is malformed.";
  if (status == 405) return "This path does not know the method.";
  return "There is nothing under this path.";
}

void AddHeaders(http::ServerResponse& response) {
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-store");
}

}  // namespace

Routes::Routes(const Access& access) : access_(access) {
  router_.OnRefusal([](const http::ServerRequest& request, int status) {
    return Render({status, SentenceFor(status)}, request);
  });
}

void Routes::Read(std::string_view pattern, Handler handler) {
  Add({http::Method::kGet, std::string(pattern), Call::Does::kRead}, std::move(handler), kMaxBody);
}

void Routes::Change(http::Method method, std::string_view pattern, Handler handler, std::size_t max_body) {
  Add({method, std::string(pattern), Call::Does::kChange}, std::move(handler), max_body);
}

std::optional<http::ServerResponse> Routes::Admit(const http::ServerRequest& head) const {
  auto refusal = router_.Admit(head);
  if (refusal) AddHeaders(*refusal);
  return refusal;
}

http::ServerResponse Routes::operator()(const http::ServerRequest& request) const {
  http::ServerResponse response = router_(request);
  AddHeaders(response);
  return response;
}

/// Asked twice: with the head alone, where Content-Length tells what comes, and with the body.
std::optional<Refusal> Routes::Gate(const http::ServerRequest& head, Access::Right right,
                                    std::size_t max_body) const {
  if (auto refusal = access_.Check(head, right)) return refusal;
  const auto promised = ParseInt(http::Find(head.headers, "Content-Length").value_or("0"));
  const bool promises_too_much = promised && *promised > 0 && static_cast<std::uint64_t>(*promised) > max_body;
  if (!promises_too_much && head.body.size() <= max_body) return std::nullopt;
  return Refusal{413,
                 fmt::format("The body has over {} bytes, which is the most that this call takes.", max_body)};
}

void Routes::Add(const Call& call, Handler handler, std::size_t max_body) {
  const auto right = call.does == Call::Does::kChange ? Access::Right::kChange : Access::Right::kRead;
  router_.Add(
      call.method, call.pattern,
      [handler = std::move(handler)](const http::ServerRequest& request, const http::PathParams& path) {
        Reply reply = handler(request, path);
        return reply ? std::move(*reply) : Render(reply.error(), request);
      },
      [this, right, max_body](const http::ServerRequest& head) -> std::optional<http::ServerResponse> {
        const auto refusal = Gate(head, right, max_body);
        if (!refusal) return std::nullopt;
        return Render(*refusal, head);
      });
  calls_.push_back(call);
}

}  // namespace brood::api
