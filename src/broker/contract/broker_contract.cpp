#include "broker/contract/broker_contract.hpp"

#include <chrono>
#include <thread>

namespace brood::broker::contract {

using Steady = std::chrono::steady_clock;

void BrokerContract::SetUp() {
  backend_ = GetParam().make();
  broker_ = backend_->Connect();
  ASSERT_TRUE(broker_->Declare({"in"}));
  ASSERT_TRUE(broker_->Declare({"out"}));
}

void BrokerContract::Publish(const std::string& queue, const std::vector<std::string>& bodies) {
  std::vector<Outgoing> messages;
  for (const std::string& body : bodies) messages.push_back({queue, body, {}});
  const auto published = broker_->Publish(messages);
  ASSERT_TRUE(published) << published.error().what;
}

std::unique_ptr<Source> BrokerContract::Consume(const std::string& queue, std::size_t prefetch) {
  return Consume(*broker_, queue, prefetch);
}

std::unique_ptr<Source> BrokerContract::Consume(Broker& broker, const std::string& queue,
                                                std::size_t prefetch) {
  auto source = broker.Consume({{queue}, prefetch});
  if (!source) throw std::runtime_error(source.error().what);
  return std::move(*source);
}

std::vector<Delivery> BrokerContract::TakeExactly(Source& source, std::size_t count) {
  std::vector<Delivery> all;
  const auto deadline = Steady::now() + kDeadline;
  while (all.size() < count && Steady::now() < deadline) {
    for (Delivery& delivery : source.Take(count - all.size(), Millis{500})) all.push_back(std::move(delivery));
  }
  return all;
}

std::vector<Settlement> BrokerContract::Acknowledge(const std::vector<Delivery>& deliveries) {
  std::vector<Settlement> settlements;
  for (const Delivery& delivery : deliveries) settlements.push_back({delivery.id, {}});
  return settlements;
}

std::vector<std::string> BrokerContract::Bodies(const std::vector<Delivery>& deliveries) {
  std::vector<std::string> bodies;
  for (const Delivery& delivery : deliveries) bodies.push_back(delivery.message.body);
  return bodies;
}

std::vector<std::string> BrokerContract::Drain(const std::string& queue) {
  const auto source = Consume(queue);
  std::vector<std::string> bodies;
  for (;;) {
    const auto deliveries = source->Take(100, Millis{300});
    if (deliveries.empty()) return bodies;
    for (std::string& body : Bodies(deliveries)) bodies.push_back(std::move(body));
    EXPECT_TRUE(source->Settle(Acknowledge(deliveries)));
  }
}

bool BrokerContract::Eventually(const std::function<bool()>& holds) {
  const auto deadline = Steady::now() + kDeadline;
  while (!holds()) {
    if (Steady::now() > deadline) return false;
    std::this_thread::sleep_for(Millis{5});
  }
  return true;
}

std::uint64_t BrokerContract::ReadyNow(const std::string& queue) {
  const auto ready = broker_->Ready(queue);
  EXPECT_TRUE(ready) << ready.error().what;
  return ready.value_or(~std::uint64_t{0});
}

}  // namespace brood::broker::contract
