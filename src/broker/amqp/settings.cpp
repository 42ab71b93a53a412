#include "broker/amqp/settings.hpp"

#include "broker/amqp/address.hpp"

namespace brood::broker::amqp {
namespace {

std::string ProblemOfUrl(const Settings& settings) {
  if (settings.url.empty()) return "";
  const auto address = ParseUrl(settings.url);
  return address ? "" : Describe(address.error());
}

std::string ProblemOfHosts(const Settings& settings) {
  for (const std::string& text : settings.hosts) {
    if (const auto host = ParseHost(text, 1); !host) return "'" + text + "': " + Describe(host.error());
  }
  return "";
}

}  // namespace

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  Settings* const bound = &settings;
  return config::Section("broker", "The queue: embedded in the state folder, or RabbitMQ for several machines.")
      .Url("url", settings.url,
           "amqp://user:password@host:port/vhost, or amqps:// for TLS; empty means the embedded queue.")
      .TextList("hosts", settings.hosts,
                "Further nodes of the same RabbitMQ cluster, as host or host:port, for when the first is away.")
      .Secret("password", settings.password, "The password, when it is not to stand in the url.")
      .Path("ca_file", settings.ca_file,
            "The certificate authorities for amqps, as a PEM file; empty means the system's.")
      .Bool("verify_tls", settings.verify_tls, "Whether the server's certificate and its name are checked.")
      .Choice("queue_type", settings.queue_type,
              {{"classic", QueueType::kClassic}, {"quorum", QueueType::kQuorum}},
              "How queues are declared: classic as the original services do, quorum for a cluster.")
      .Bytes("max_message", settings.max_message, {.min = 1 << 20, .max = 512 << 20},
             "The largest message that is sent; RabbitMQ 4 takes 16 MiB unless its max_message_size says more.")
      .Duration("heartbeat", settings.heartbeat, {1s, 600s},
                "A connection that is silent for twice as long counts as lost.")
      .Duration("start_within", settings.start_within, {0s, 3600s},
                "How long a start waits for a server that cannot be reached.")
      .Duration(
          "renew_after", settings.renew_after, {1s, 24h},
          "What is held longer is published again, before RabbitMQ's consumer_timeout (30 minutes) ends it.")
      .Int("confirm_window", settings.confirm_window, {.min = 1, .max = 65'535, .unit = "messages"},
           "Messages on their way to the server before one of them is confirmed.")
      .Require("url", [bound] { return ProblemOfUrl(*bound); })
      .Require("hosts", [bound] { return ProblemOfHosts(*bound); });
}

}  // namespace brood::broker::amqp
