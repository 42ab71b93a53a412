#include <gtest/gtest.h>

#include "base/file.hpp"
#include "broker/contract/broker_contract.hpp"
#include "broker/memory_broker.hpp"
#include "interop/interop_broker.hpp"
#include "samples/folder/folder_store.hpp"

namespace brood::interop {
namespace {

using broker::MemoryBroker;

/// A broker in memory behind one whose queue "in" is read by a Go service.
class InteropBackend final : public broker::contract::Backend {
 public:
  std::unique_ptr<broker::Broker> Connect() override {
    return std::make_unique<InteropBroker>(std::make_unique<MemoryBroker>(server_, std::size_t{1} << 20), "in",
                                           samples_);
  }
  void Break(broker::Source& source) override { MemoryBroker(server_).Break(InteropBroker::InnerOf(source)); }
  void RefuseLarge() override {
    server_->AnswerPublishes(Unexpected(broker::BrokerError{broker::Errc::kFull, "no room is left", {}}));
  }
  void AcceptAgain() override { server_->AnswerPublishes({}); }
  void InterruptNextSettle(broker::Source& source) override {
    MemoryBroker(server_).InterruptNextSettle(InteropBroker::InnerOf(source));
  }

 private:
  TempDir folder_;
  samples::folder::FolderSampleStore samples_{folder_ / "samples"};
  std::shared_ptr<broker::MemoryServer> server_ = std::make_shared<broker::MemoryServer>();
};

const broker::contract::BackendKind kInterop{"Interop", [] { return std::make_unique<InteropBackend>(); }};

}  // namespace
}  // namespace brood::interop

namespace brood::broker::contract {
INSTANTIATE_TEST_SUITE_P(Backends, BrokerContract, testing::Values(interop::kInterop), NameOfKind);
}  // namespace brood::broker::contract
