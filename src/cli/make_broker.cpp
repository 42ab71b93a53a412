#include "cli/make_broker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/log.hpp"
#include "broker/amqp/amqp_broker.hpp"
#include "broker/sqlite/sqlite_broker.hpp"
#include "cli/signals.hpp"

namespace brood::cli {
namespace {

using broker::BrokerError;
using broker::Errc;

/// Those that are consumed, and those that are only published to: their consumers may be elsewhere.
std::vector<std::string> AllQueues(const Settings& settings) {
  std::vector<std::string> queues = QueuesConsumed(settings);
  for (const std::string* name :
       {&settings.submit_binary.producer_queue, &settings.feed_cuckoo.producer_queue,
        &settings.feed_cuckoo.cleanup_queue, &settings.feed_cuckoo.failed_queue,
        &settings.check_results.producer_queue, &settings.check_results.failed_queue,
        &settings.parse_and_submit.producer_queue, &settings.parse_and_submit.relay_queue,
        &settings.parse_and_submit.cleanup_queue, &settings.parse_and_submit.failed_queue,
        &settings.cleanup.failed_queue, &settings.blacklist_processor.failed_queue}) {
    if (!name->empty() && std::find(queues.begin(), queues.end(), *name) == queues.end())
      queues.push_back(*name);
  }
  return queues;
}

std::runtime_error CannotDeclare(const std::string& queue, const BrokerError& error) {
  return std::runtime_error(fmt::format("cannot declare the queue {}: {}{}", queue, error.what,
                                        error.code == Errc::kOtherShape ? ". See broker.queue_type" : ""));
}

void DeclareAll(broker::Broker& broker, const Settings& settings, broker::QueueType type) {
  for (const std::string& queue : AllQueues(settings)) {
    if (const auto declared = broker.Declare({queue, type}); !declared) {
      throw CannotDeclare(queue, declared.error());
    }
  }
}

void AwaitServer(broker::amqp::AmqpBroker& broker, const broker::amqp::Settings& settings,
                 const std::string& queue) {
  const auto until = std::chrono::steady_clock::now() + settings.start_within;
  for (;;) {
    const auto declared = broker.Declare({queue, settings.queue_type});
    if (declared) return;
    const bool may_come = declared.error().code == Errc::kUnavailable && !broker.ShutOut();
    if (!may_come || std::chrono::steady_clock::now() >= until) throw CannotDeclare(queue, declared.error());
    if (StopRequested()) throw StoppedAtStart{};
    std::this_thread::sleep_for(Millis{200});
  }
}

}  // namespace

std::vector<std::string> QueuesConsumed(const Settings& settings) {
  const std::string& feed = settings.feed_cuckoo.consumer_queue;
  return {feed + "/urgent",
          feed,
          settings.check_results.consumer_queue,
          settings.parse_and_submit.consumer_queue,
          settings.blacklist_processor.consumer_queue,
          settings.cleanup.consumer_queue,
          settings.overseer.consumer_queue};
}

std::unique_ptr<broker::Broker> MakeBroker(const Settings& settings, sqlite::Writer& records,
                                           metrics::Registry& metrics) {
  if (settings.broker.url.empty()) {
    auto embedded = std::make_unique<broker::sqlite::SqliteBroker>(records);
    DeclareAll(*embedded, settings, broker::QueueType::kClassic);
    return embedded;
  }
  auto amqp = std::make_unique<broker::amqp::AmqpBroker>(settings.broker, metrics);
  AwaitServer(*amqp, settings.broker, settings.feed_cuckoo.consumer_queue);
  DeclareAll(*amqp, settings, settings.broker.queue_type);
  return amqp;
}

}  // namespace brood::cli
