#include "sandboxd/routes.hpp"

#include "base/text.hpp"
#include "sandboxd/persona.hpp"

namespace brood::sandboxd {

void AddRoute(http::Router& router, Service& service, http::Method method, const std::string& pattern,
              const std::string& call, http::RouteHandler handler, Alias alias) {
  RequestCounts::Count& count = service.counts.Of(call);
  const http::RouteHandler counted = [&count, handler = std::move(handler)](const http::ServerRequest& request,
                                                                            const http::PathParams& path) {
    count.Add();
    return handler(request, path);
  };
  router.Add(method, pattern, counted);
  if (alias == Alias::kV1) router.Add(method, "/v1" + pattern, counted);
}

void AddIdRoute(http::Router& router, Service& service, const std::string& pattern, const std::string& call,
                IdCall handle, Alias alias) {
  AddRoute(
      router, service, http::Method::kGet, pattern, call,
      [&service, handle](const http::ServerRequest& request, const http::PathParams& path) {
        const auto id = IdFrom(service.Manners(), path["id"]);
        return id ? handle(service, request, *id) : ErrorPage(service.Manners(), 404, request);
      },
      alias);
}

std::optional<std::int64_t> IdFrom(Persona persona, std::string_view text) {
  if (persona == Persona::kCuckoo1) return ParseInt(text);
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
  return ParseInt(text);
}

}  // namespace brood::sandboxd
