#pragma once

#include <optional>

#include "http/router.hpp"
#include "http/server.hpp"
#include "sandboxd/routes.hpp"

namespace brood::sandboxd {

/// Every request comes in here: token, faults of the whole server, then the call. Thread-safe.
class Front {
 public:
  /// `service` must outlive it.
  explicit Front(Service& service);

  /// Refuses who lacks the token, before a request's body is read.
  [[nodiscard]] std::optional<http::ServerResponse> Admit(const http::ServerRequest& head) const;
  /// Refuses what Admit refuses, whether or not that was asked before.
  [[nodiscard]] http::ServerResponse operator()(const http::ServerRequest& request);

 private:
  bool IsAuthorized(const http::ServerRequest& request) const;
  http::ServerResponse Answer(const http::ServerRequest& request);

  Service& service_;
  http::Router router_;
};

}  // namespace brood::sandboxd
