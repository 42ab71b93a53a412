#include "api/routes.hpp"

namespace brood::api {
namespace {

std::string SentenceFor(int status) {
  if (status == 400) return "The path is malformed.";
  if (status == 405) return "This path does not know the method.";
  return "There is nothing under this path.";
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

http::ServerResponse Routes::operator()(const http::ServerRequest& request) const {
  http::ServerResponse response = router_(request);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void Routes::Add(http::Method method, Access::Right right, std::string_view pattern, Handler handler) {
  router_.Add(method, pattern,
              [this, right, handler = std::move(handler)](const http::ServerRequest& request,
                                                          const http::PathParams& path) {
                if (auto refusal = access_.Check(request, right)) return Render(*refusal, request);
                Reply reply = handler(request, path);
                return reply ? std::move(*reply) : Render(reply.error(), request);
              });
}

}  // namespace brood::api
