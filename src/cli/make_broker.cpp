#include "cli/make_broker.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/log.hpp"
#include "broker/amqp/amqp_broker.hpp"
#include "broker/sqlite/sqlite_broker.hpp"
#include "cli/queues.hpp"
#include "cli/signals.hpp"

namespace brood::cli {
namespace {

using broker::BrokerError;
using broker::Errc;

std::runtime_error CannotDeclare(const std::string& queue, const BrokerError& error) {
  return std::runtime_error(fmt::format("cannot declare the queue {}: {}{}", queue, error.what,
                                        error.code == Errc::kOtherShape ? ". See broker.queue_type" : ""));
}

void DeclareAll(broker::Broker& broker, const std::vector<std::string>& queues, broker::QueueType type) {
  for (const std::string& queue : queues) {
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

std::unique_ptr<broker::Broker> MakeBroker(const Settings& settings, std::string_view service,
                                           sqlite::Writer& records, metrics::Registry& metrics) {
  if (settings.broker.url.empty()) {
    auto embedded = std::make_unique<broker::sqlite::SqliteBroker>(records);
    DeclareAll(*embedded, QueuesOf("", settings), broker::QueueType::kClassic);
    return embedded;
  }
  auto amqp = std::make_unique<broker::amqp::AmqpBroker>(settings.broker, metrics);
  const auto queues = QueuesOf(service, settings);
  AwaitServer(*amqp, settings.broker, queues.front());
  DeclareAll(*amqp, queues, settings.broker.queue_type);
  return amqp;
}

}  // namespace brood::cli
