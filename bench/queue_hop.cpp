// One hop over RabbitMQ: consume, publish confirmed, acknowledge; bodies of 1 KB, prefetch 100. Through brood's
// broker, or with a minimal loop on librabbitmq. Fills the queue first, which is not timed; prints hops per
// second.
//   brood_queue_hop URL classic|quorum loop|brood MESSAGES THREADS
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "broker/amqp/address.hpp"
#include "broker/amqp/amqp_broker.hpp"
#include "queue_hop_loop.hpp"

namespace brood {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kPrefetch = 100;
constexpr std::size_t kBody = 1024;
constexpr int kBatch = 500;

void Fill(broker::Broker& broker, broker::QueueType type, int messages) {
  for (const char* queue : {bench::kIn, bench::kOut}) {
    if (const auto declared = broker.Declare({queue, type}); !declared) {
      throw std::runtime_error(declared.error().what);
    }
  }
  const std::vector<broker::Outgoing> batch(kBatch, {bench::kIn, std::string(kBody, 'x'), {}});
  for (int i = 0; i < messages; i += kBatch) {
    if (const auto published = broker.Publish(batch); !published)
      throw std::runtime_error(published.error().what);
  }
}

/// As the runner does it: a few are taken, and each goes on with a message of its own.
void HopThrough(broker::Broker& broker, int messages, int threads) {
  const auto source = std::move(*broker.Consume({{bench::kIn}, kPrefetch}));
  std::atomic<int> left{messages};
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      while (left > 0) {
        std::vector<broker::Settlement> settlements;
        for (broker::Delivery& delivery :
             source->Take(kPrefetch / static_cast<std::size_t>(threads), Millis{100})) {
          settlements.push_back({delivery.id, {{bench::kOut, std::move(delivery.message.body), {}}}});
        }
        if (settlements.empty()) continue;
        if (const auto settled = source->Settle(settlements); !settled) {
          fmt::print(stderr, "{}\n", settled.error().what);
          std::exit(1);
        }
        left -= static_cast<int>(settlements.size());
      }
    });
  }
}

double Measure(const std::string& url, broker::QueueType type, bool plain_loop, int messages, int threads) {
  metrics::Registry registry;
  broker::amqp::Settings settings;
  settings.url = url;
  broker::amqp::AmqpBroker broker(settings, registry);
  Fill(broker, type, messages);
  const auto begun = Steady::now();
  if (plain_loop) {
    const auto address = broker::amqp::ParseUrl(url).value();
    bench::HopInALoop({address.host.name.c_str(), address.host.port, address.vhost.c_str(),
                       address.user.c_str(), address.password.Reveal().c_str()},
                      kPrefetch, messages);
  } else {
    HopThrough(broker, messages, threads);
  }
  return messages / std::chrono::duration<double>(Steady::now() - begun).count();
}

}  // namespace
}  // namespace brood

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string type = argv[2], way = argv[3];
  const double hops = brood::Measure(
      argv[1], type == "quorum" ? brood::broker::QueueType::kQuorum : brood::broker::QueueType::kClassic,
      way == "loop", std::stoi(argv[4]), std::stoi(argv[5]));
  fmt::print("{:.0f}\n", hops);
}
