#include "api/routes.hpp"

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
  Add(http::Method::kGet, Access::Right::kRead, pattern, std::move(handler));
}

void Routes::Change(http::Method method, std::string_view pattern, Handler handler) {
  Add(method, Access::Right::kChange, pattern, std::move(handler));
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

void Routes::Add(http::Method method, Access::Right right, std::string_view pattern, Handler handler) {
  router_.Add(
      method, pattern,
      [handler = std::move(handler)](const http::ServerRequest& request, const http::PathParams& path) {
        Reply reply = handler(request, path);
        return reply ? std::move(*reply) : Render(reply.error(), request);
      },
      [this, right](const http::ServerRequest& head) -> std::optional<http::ServerResponse> {
        const auto refusal = access_.Check(head, right);
        if (!refusal) return std::nullopt;
        return Render(*refusal, head);
      });
}

}  // namespace brood::api
