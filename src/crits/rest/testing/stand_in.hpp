#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "http/client.hpp"

namespace brood::crits::rest::testing {

/// tests/support/crits_stand_in.py as a process of its own, from the program's folder, which is the project's.
class StandIn {
 public:
  /// Throws std::runtime_error if it does not start.
  StandIn();
  ~StandIn();
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  [[nodiscard]] const std::string& Url() const { return url_; }
  /// POST of JSON below /_test/.
  void Tell(http::Client& client, std::string_view what, std::string_view json) const;
  [[nodiscard]] std::string State(http::Client& client) const;  ///< JSON

 private:
  pid_t process_ = -1;
  int input_ = -1;
  std::string url_;
};

inline constexpr std::string_view kUser = "crits", kKey = "0123456789abcdef0123456789abcdef01234567";
inline constexpr std::string_view kObject = "6b01f626405ea78eaef8d266";
inline constexpr std::string_view kAnalysis = "11111111-2222-3333-4444-555555555555";

}  // namespace brood::crits::rest::testing
