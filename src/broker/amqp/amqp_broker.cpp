#include "broker/amqp/amqp_broker.hpp"

#include <stdexcept>

#include "broker/amqp/amqp_source.hpp"
#include "broker/amqp/fits.hpp"
#include "broker/amqp/publisher.hpp"

namespace brood::broker::amqp {
namespace {

std::shared_ptr<Shared> MakeShared(const Settings& settings, metrics::Registry& registry) {
  auto address = ParseUrl(settings.url);
  if (!address) throw std::runtime_error("broker.url: " + brood::Describe(address.error()));
  if (!settings.password.Empty()) address->password = settings.password;
  std::vector<Host> hosts{address->host};
  for (const std::string& text : settings.hosts) {
    auto host = ParseHost(text, address->host.port);
    if (!host) throw std::runtime_error("broker.hosts: " + brood::Describe(host.error()));
    hosts.push_back(std::move(*host));
  }
  return std::make_shared<Shared>(Shared{settings, std::move(*address), std::move(hosts), Metrics(registry)});
}

}  // namespace

AmqpBroker::AmqpBroker(const Settings& settings, metrics::Registry& registry)
    : shared_(MakeShared(settings, registry)),
      topology_(std::make_shared<Topology>()),
      publisher_(std::make_shared<Publisher>(shared_, topology_)) {}

AmqpBroker::~AmqpBroker() = default;

std::size_t AmqpBroker::MaxMessage() const { return shared_->settings.max_message; }

Expected<std::uint64_t, BrokerError> AmqpBroker::Ready(const std::string& queue) {
  return publisher_->Count(queue);
}

Expected<void, BrokerError> AmqpBroker::DoDeclare(const QueueShape& queue) {
  return publisher_->Declare(queue);
}

Expected<void, BrokerError> AmqpBroker::DoPublish(std::span<const Outgoing> messages) {
  if (auto fits = CheckFits(messages, MaxMessage()); !fits) return fits;
  Publisher::Messages pointers;
  pointers.reserve(messages.size());
  for (const Outgoing& message : messages) pointers.push_back(&message);
  return publisher_->Publish(std::move(pointers));
}

Expected<std::unique_ptr<Source>, BrokerError> AmqpBroker::DoConsume(const ConsumeOptions& options) {
  for (const std::string& queue : options.queues) {
    if (topology_->Find(queue)) continue;
    if (auto there = publisher_->Count(queue); !there) return Unexpected(std::move(there.error()));
  }
  auto source = std::make_unique<AmqpSource>(shared_, topology_, publisher_, options);
  source->AwaitUp(shared_->settings.give_up_after);
  return source;
}

bool AmqpBroker::ShutOut() const { return publisher_->ShutOut(); }

void AmqpBroker::Break(Source& source) { dynamic_cast<AmqpSource&>(source).Break(); }
void AmqpBroker::BreakInNextSettle(Source& source) { dynamic_cast<AmqpSource&>(source).BreakInNextSettle(); }
void AmqpBroker::BreakPublishing() { publisher_->Sever(); }

}  // namespace brood::broker::amqp
