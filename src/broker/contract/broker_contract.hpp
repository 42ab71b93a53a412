#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "broker/broker.hpp"

namespace brood::broker::contract {

/// One kind of broker as the contract suite sees it: fresh queues of its own. Outlives what Connect made.
class Backend {
 public:
  virtual ~Backend() = default;
  /// A new connection to the same queues, as another process or a restart makes one. Its MaxMessage is between
  /// 600 KiB and a few MiB, so that the limit can be tried.
  virtual std::unique_ptr<Broker> Connect() = 0;
  /// The connection behind `source` is lost without a word, as when its process is killed.
  virtual void Break(Source& source) = 0;
  /// From now on bodies of 500 KiB and more are refused by the broker itself (a full disk), until AcceptAgain.
  virtual void RefuseLarge() = 0;
  virtual void AcceptAgain() = 0;
  /// The connection is lost inside the next Settle, after what it publishes and before its acknowledgements. A
  /// backend that does both in one step lets that step fail. AcceptAgain ends it.
  virtual void InterruptNextSettle(Source& source) = 0;
};

struct BackendKind {
  std::string name;
  std::function<std::unique_ptr<Backend>()> make;
};
inline void PrintTo(const BackendKind& kind, std::ostream* out) { *out << kind.name; }

/// The promises of every broker; the test names are the promises. A backend's own test program compiles the
/// suite's files and instantiates it:
///   INSTANTIATE_TEST_SUITE_P(Memory, BrokerContract, testing::Values(kMemory), NameOfKind);
class BrokerContract : public testing::TestWithParam<BackendKind> {
 protected:
  static constexpr Millis kSoon{50};          ///< long enough to see that nothing comes
  static constexpr Millis kDeadline{20'000};  ///< what must come has come by then

  void SetUp() override;

  void Publish(const std::string& queue, const std::vector<std::string>& bodies);
  std::unique_ptr<Source> Consume(const std::string& queue, std::size_t prefetch = 100);
  std::unique_ptr<Source> Consume(Broker& broker, const std::string& queue, std::size_t prefetch = 100);
  /// Exactly `count` deliveries, waiting for them; fewer only if the deadline has passed.
  static std::vector<Delivery> TakeExactly(Source& source, std::size_t count);
  static std::vector<Settlement> Acknowledge(const std::vector<Delivery>& deliveries);
  static std::vector<std::string> Bodies(const std::vector<Delivery>& deliveries);
  /// Takes and acknowledges until nothing has come for a while.
  std::vector<std::string> Drain(const std::string& queue);
  [[nodiscard]] static bool Eventually(const std::function<bool()>& holds);
  std::uint64_t ReadyNow(const std::string& queue);

  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Broker> broker_;
  const std::string large_ = std::string(std::size_t{500} << 10, 'L');
};

inline std::string NameOfKind(const testing::TestParamInfo<BackendKind>& info) { return info.param.name; }

}  // namespace brood::broker::contract
