#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "api/access.hpp"
#include "api/replies.hpp"
#include "http/router.hpp"

namespace brood::api {

/// The calls: who may make each is told with it, so that none can be added without. Answers of every kind carry
/// the same security headers. Filled before use, then only read: thread-safe.
class Routes {
 public:
  using Handler = std::function<Reply(const http::ServerRequest&, const http::PathParams&)>;

  /// `access` outlives the routes.
  explicit Routes(const Access& access);

  void Read(std::string_view pattern, Handler handler);
  void Change(http::Method method, std::string_view pattern, Handler handler);

  /// Refuses who may not, and paths that there are not, before a request's body is read.
  [[nodiscard]] std::optional<http::ServerResponse> Admit(const http::ServerRequest& head) const;
  [[nodiscard]] http::ServerResponse operator()(const http::ServerRequest& request) const;

 private:
  void Add(http::Method method, Access::Right right, std::string_view pattern, Handler handler);

  const Access& access_;
  http::Router router_;
};

}  // namespace brood::api
