#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "api/access.hpp"
#include "api/replies.hpp"
#include "http/router.hpp"

namespace brood::api {

/// The calls: who may make each is told with it, so that none can be added without, and each has a limit for
/// its body. Answers of every kind carry the same security headers. Filled before use, then only read:
/// thread-safe.
class Routes {
 public:
  using Handler = std::function<Reply(const http::ServerRequest&, const http::PathParams&)>;

  /// The bytes of a body beyond which a call is refused with 413, where it does not say otherwise.
  static constexpr std::size_t kMaxBody = 64 * 1024;
  /// For samples: the server's limit and the call's own.
  static constexpr std::size_t kSampleBody = std::numeric_limits<std::size_t>::max();

  /// `access` outlives the routes.
  explicit Routes(const Access& access);

  void Read(std::string_view pattern, Handler handler);
  void Change(http::Method method, std::string_view pattern, Handler handler, std::size_t max_body = kMaxBody);

  /// All of them, in the order in which they were added.
  [[nodiscard]] const std::vector<Call>& Calls() const { return calls_; }

  /// Refuses who may not, bodies that are too large, and paths that there are not, before a request's body is
  /// read.
  [[nodiscard]] std::optional<http::ServerResponse> Admit(const http::ServerRequest& head) const;
  [[nodiscard]] http::ServerResponse operator()(const http::ServerRequest& request) const;

 private:
  void Add(const Call& call, Handler handler, std::size_t max_body);
  [[nodiscard]] std::optional<Refusal> Gate(const http::ServerRequest& head, Access::Right right,
                                            std::size_t max_body) const;

  const Access& access_;
  std::vector<Call> calls_;
  http::Router router_;
};

}  // namespace brood::api
