#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/secret.hpp"
#include "broker/broker.hpp"
#include "config/section.hpp"
#include "feeds/schedule.hpp"
#include "http/server.hpp"
#include "intake/intake.hpp"
#include "letters/desk.hpp"
#include "metrics/registry.hpp"
#include "samples/samples.hpp"
#include "sandbox/fleet.hpp"
#include "store/store.hpp"

namespace brood::api {

/// `[api]`
struct Settings {
  std::string listen_ip = "127.0.0.1";
  std::uint16_t listen_port = 8081;
  int threads = 2;
  bool anonymous_read = true;             ///< reads need no token
  std::vector<std::string> trusted_nets;  ///< CIDRs whose requests may change state without a token
  std::uint64_t max_sample = std::uint64_t{128} << 20;
  std::uint64_t blacklist_memory = std::uint64_t{256}
                                   << 20;  ///< for its values, whose look-ups need no store; or 0
  std::uint64_t most_inline = 0;           ///< where samples travel inside messages: what fits into one; else 0
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// One service of this installation, for /health_check and `brood status`.
struct ServiceState {
  std::string name;  ///< "feed_cuckoo", …
  bool alive = false;
  std::size_t in_hand = 0;
};

/// One call, as the router knows it.
struct Call {
  enum class Does { kRead, kChange };
  http::Method method = http::Method::kGet;
  std::string pattern;  ///< "/hash/get/{since}"; "{value*}" is the rest of the path
  Does does = Does::kRead;
};

/// What the API stands on. Everything outlives it.
struct Ports {
  store::Store& store;
  broker::Broker& broker;
  samples::SampleStore& samples;
  intake::Intake& intake;
  const sandbox::Fleet& fleet;
  metrics::Registry& metrics;
  Clock& clock;
  std::vector<std::string> queues;  ///< whose ready counts are shown
  std::function<std::vector<ServiceState>()> services;
  letters::RemoveDump remove_dump = {};  ///< of dead letters that are dropped
  feeds::Schedule* feeds = nullptr;      ///< null: this process updates no third-party lists
};

/// The HTTP API: the original calls of the DFI blacklisting system, `/metrics`, and `/api/v1`.
/// `token` is what changes of state must carry (Authorization: Bearer); it is compared in constant time.
class Api {
 public:
  Api(const Settings& settings, const Secret& token, Ports ports);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// The port it listens on.
  [[nodiscard]] Expected<std::uint16_t, Error> Start();
  void Stop();

  /// Every call that there is.
  [[nodiscard]] const std::vector<Call>& Calls() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The token in `file`, made on the first call (32 random bytes as hex, mode 0600).
[[nodiscard]] Expected<Secret, Error> ReadOrMakeToken(const std::filesystem::path& file);

}  // namespace brood::api
