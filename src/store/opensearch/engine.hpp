#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/client.hpp"
#include "metrics/registry.hpp"
#include "store/opensearch/hosts.hpp"
#include "store/opensearch/settings.hpp"
#include "store/result.hpp"

namespace brood::store::opensearch {

/// Whether a request whose answer is lost may be sent to the next host.
enum class Repeat { kHarmless, kOnlyIfNotBegun };

struct Call {
  std::string_view doing;  ///< "read records", for errors
  http::Method method = http::Method::kGet;
  std::string path;  ///< with its query, below the host's URL
  std::string body;  ///< JSON; of a bulk one document a line
  Repeat repeat = Repeat::kHarmless;
};

struct Answer {
  std::string host, body;
  int status = 0;
};

/// Requests to one cluster: from host to host until one answers, with the login, within the deadline. What an
/// engine has no room for at the moment (429, 503) is tried again for a while. Thread-safe.
class Engine {
 public:
  /// `stop` ends what is waiting, with kUnavailable.
  Engine(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
         metrics::Registry& metrics, std::stop_token stop);

  /// 2xx and 404 are answers; everything else is an error, in a sentence.
  [[nodiscard]] Result<Answer> Ask(const Call& call);
  /// The same, but 404 is an error too.
  [[nodiscard]] Result<Answer> Demand(const Call& call);

  [[nodiscard]] const Settings& GetSettings() const { return settings_; }
  /// Waits before try number `tries` + 1 of something rejected; false if there is to be no such try.
  [[nodiscard]] bool WaitForRoom(int tries);
  void CountConflict() { conflicts_.Add(); }
  /// Whether the last answer was that the login is wrong or may do too little: waiting does not help then.
  [[nodiscard]] bool ShutOut() const { return shut_out_; }

 private:
  [[nodiscard]] http::Request RequestFor(const Call& call, std::size_t host) const;
  [[nodiscard]] Result<Answer> AskHosts(const Call& call);

  const Settings settings_;
  const std::shared_ptr<http::Client> client_;
  Clock& clock_;
  const std::stop_token stop_;
  Hosts hosts_;
  std::atomic<bool> shut_out_{false};
  metrics::Counter &requests_, &failures_, &rejections_, &conflicts_;
};

}  // namespace brood::store::opensearch
