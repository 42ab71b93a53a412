#include "broker/memory_broker.hpp"

#include <utility>

namespace brood::broker {
namespace {

class MemorySource final : public Source {
 public:
  MemorySource(std::shared_ptr<MemoryServer> server, MemoryServer::Holder holder, ConsumeOptions options,
               std::size_t max_message)
      : server_(std::move(server)), holder_(holder), options_(std::move(options)), max_message_(max_message) {}
  ~MemorySource() override { server_->Close(holder_); }

  std::vector<Delivery> Take(std::size_t max, Millis wait) override {
    return server_->Take(holder_, options_, max, wait);
  }
  Expected<void, BrokerError> Settle(std::span<const Settlement> settlements) override {
    for (const Settlement& settlement : settlements) {
      if (auto checked = CheckOutgoing(settlement.publish, max_message_); !checked) return checked;
    }
    return server_->Settle(holder_, settlements);
  }
  void GiveBack(std::span<const DeliveryId> deliveries) override { server_->GiveBack(holder_, deliveries); }
  void Stop() override { server_->Stop(holder_); }

  MemoryServer::Holder Holder() const { return holder_; }

 private:
  std::shared_ptr<MemoryServer> server_;
  MemoryServer::Holder holder_;
  ConsumeOptions options_;
  std::size_t max_message_;
};

}  // namespace

MemoryBroker::MemoryBroker(std::shared_ptr<MemoryServer> server, std::size_t max_message)
    : server_(std::move(server)), max_message_(max_message) {}

Expected<std::uint64_t, BrokerError> MemoryBroker::Ready(const std::string& queue) {
  return server_->Ready(queue);
}

void MemoryBroker::Break(Source& source) { server_->Break(dynamic_cast<MemorySource&>(source).Holder()); }

void MemoryBroker::InterruptNextSettle(Source& source) {
  server_->InterruptNextSettle(dynamic_cast<MemorySource&>(source).Holder());
}

Expected<void, BrokerError> MemoryBroker::DoDeclare(const QueueShape& queue) { return server_->Declare(queue); }

Expected<void, BrokerError> MemoryBroker::DoPublish(std::span<const Outgoing> messages) {
  return server_->Publish(messages);
}

Expected<std::unique_ptr<Source>, BrokerError> MemoryBroker::DoConsume(const ConsumeOptions& options) {
  auto holder = server_->OpenHolder(options.queues);
  if (!holder) return Unexpected(std::move(holder.error()));
  return std::make_unique<MemorySource>(server_, *holder, options, max_message_);
}

}  // namespace brood::broker
