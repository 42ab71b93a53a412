// One hop over RabbitMQ: consume, publish confirmed, acknowledge; bodies of 1 KB, prefetch 100. Through brood's
// broker, or with a minimal loop on librabbitmq. Fills the queue first, which is not timed; prints hops per
// second.
//   brood_queue_hop URL classic|quorum loop|runner|port MESSAGES THREADS
// `runner` is how a stage hops, with so many Settles at once; `port` is a bare Source with so many callers.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "broker/amqp/address.hpp"
#include "broker/amqp/amqp_broker.hpp"
#include "queue_hop_loop.hpp"
#include "stage/runner.hpp"

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

class MoveOn final : public stage::Stage {
 public:
  std::string Name() const override { return "hop"; }
  std::vector<stage::Fate> Handle(std::span<const broker::Message> batch, const stage::Turn&) override {
    std::vector<stage::Fate> fates;
    for (const auto& message : batch) fates.emplace_back(stage::Done{{{bench::kOut, message.body, {}}}});
    return fates;
  }
};

/// Tells when so many messages are settled.
class Counted final : public broker::Source {
 public:
  Counted(std::unique_ptr<broker::Source> source, int messages) : source_(std::move(source)), all_(messages) {}

  std::vector<broker::Delivery> Take(std::size_t max, Millis wait) override { return source_->Take(max, wait); }
  Expected<void, broker::BrokerError> Settle(std::span<const broker::Settlement> settlements) override {
    auto settled = source_->Settle(settlements);
    if (settled) all_.count_down(static_cast<std::ptrdiff_t>(settlements.size()));
    return settled;
  }
  void GiveBack(std::span<const broker::DeliveryId> deliveries) override { source_->GiveBack(deliveries); }
  void Stop() override { source_->Stop(); }

  void AwaitAll() const { all_.wait(); }

 private:
  std::unique_ptr<broker::Source> source_;
  std::latch all_;
};

void HopInARunner(broker::Broker& broker, metrics::Registry& registry, int messages, int settles_at_once) {
  Counted source(std::move(*broker.Consume({{bench::kIn}, kPrefetch})), messages);
  MoveOn move_on;
  stage::RunnerSettings settings;
  settings.queue = bench::kIn;
  settings.failed_queue.clear();
  settings.max_in_hand = kPrefetch;
  settings.batch = kPrefetch;
  settings.settles_at_once = static_cast<std::size_t>(settles_at_once);
  SystemClock clock;
  stage::Runner runner(move_on, source, broker, settings, registry, clock);
  const std::jthread running([&](const std::stop_token& stop) { runner.Run(stop); });
  source.AwaitAll();
}

void HopThroughThePort(broker::Broker& broker, int messages, int threads) {
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

double Measure(const std::string& url, broker::QueueType type, const std::string& way, int messages,
               int threads) {
  metrics::Registry registry;
  broker::amqp::Settings settings;
  settings.url = url;
  broker::amqp::AmqpBroker broker(settings, registry);
  Fill(broker, type, messages);
  const auto begun = Steady::now();
  if (way == "loop") {
    const auto address = broker::amqp::ParseUrl(url).value();
    bench::HopInALoop({address.host.name.c_str(), address.host.port, address.vhost.c_str(),
                       address.user.c_str(), address.password.Reveal().c_str()},
                      kPrefetch, messages);
  } else if (way == "runner") {
    HopInARunner(broker, registry, messages, threads);
  } else {
    HopThroughThePort(broker, messages, threads);
  }
  return messages / std::chrono::duration<double>(Steady::now() - begun).count();
}

}  // namespace
}  // namespace brood

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::string type = argv[2], way = argv[3];
  const double hops = brood::Measure(
      argv[1], type == "quorum" ? brood::broker::QueueType::kQuorum : brood::broker::QueueType::kClassic, way,
      std::stoi(argv[4]), std::stoi(argv[5]));
  fmt::print("{:.0f}\n", hops);
}
