#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "api/replies.hpp"
#include "http/server.hpp"
#include "rules/ip_set.hpp"

namespace brood::api {

/// Who may do what. Keeps the token's hash alone. Thread-safe.
class Access {
 public:
  enum class Right { kRead, kChange };

  /// Throws std::invalid_argument for a trusted net that is none.
  Access(const Settings& settings, const Secret& token);

  /// Nothing: go on. Else 401 with what to bring.
  ///
  /// A request that a web page sent from a trusted net (it has Origin, Referer or Sec-Fetch-Site) needs the
  /// token all the same: any page that somebody there looks at could send it, and calls of the original change
  /// things by GET, as a picture in a page is fetched.
  [[nodiscard]] std::optional<Refusal> Check(const http::ServerRequest& request, Right right) const;

 private:
  [[nodiscard]] bool BringsToken(const http::ServerRequest& request) const;
  [[nodiscard]] bool ComesFromTrustedNet(const http::ServerRequest& request) const;

  const bool anonymous_read_;
  const rules::IpSet trusted_;
  const std::string token_hash_;  ///< "" admits no token
};

}  // namespace brood::api
