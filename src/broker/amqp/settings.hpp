#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/secret.hpp"
#include "broker/broker.hpp"
#include "config/section.hpp"

namespace brood::broker::amqp {

/// `[broker]`: the queue's server. An empty url: the embedded queue is used.
struct Settings {
  std::string url;                 ///< amqp://user:password@host:port/vhost, amqps:// too
  std::vector<std::string> hosts;  ///< further nodes of the same cluster, "host" or "host:port"
  Secret password;                 ///< in the place of the one in the url
  std::filesystem::path ca_file;   ///< of amqps; empty: the system's
  bool verify_tls = true;          ///< the server's certificate and name
  QueueType queue_type = QueueType::kClassic;
  std::size_t max_message = Broker::kDefaultMaxMessage;
  std::chrono::seconds heartbeat{30};
  std::chrono::seconds start_within{300};  ///< how long a start waits for the server
  std::chrono::seconds renew_after{900};   ///< shorter than RabbitMQ's consumer_timeout
  std::size_t confirm_window = 1'000;      ///< messages sent and not confirmed yet
  Backoff reconnect{Millis{200}, Millis{10'000}, 2.0};
  Millis give_up_after{5'000};    ///< a publish fails when the server has been away for so long
  Millis confirm_within{30'000};  ///< or when it has confirmed nothing of it for so long
  Millis idle_after{10'000};      ///< what nobody has taken for so long goes back to the server
};

/// The rows of `[broker]`.
[[nodiscard]] config::Section Describe(Settings& settings);

}  // namespace brood::broker::amqp
