#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "metrics/registry.hpp"
#include "stage/runner.hpp"
#include "stage/testing/fake_source.hpp"
#include "stage/testing/function_stage.hpp"

namespace brood::stage::testing {

/// True as soon as `condition` is; false if it is not within half a minute.
template <class Condition>
[[nodiscard]] bool Eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

[[nodiscard]] inline RunnerSettings SettingsFor(const std::string& queue) {
  RunnerSettings settings;
  settings.queue = queue;
  return settings;
}

/// A runner at work on a FakeSource, with time standing still. Stops at its end.
class Running {
 public:
  explicit Running(FunctionStage::Function handle, RunnerSettings settings = SettingsFor("in"),
                   std::size_t max_message = broker::Broker::kDefaultMaxMessage)
      : stage_(std::move(handle)),
        broker_(max_message),
        runner_(stage_, source, broker_, std::move(settings), registry, clock) {}

  void Start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { runner_.Run(stop); });
  }
  void RequestStop() { thread_.request_stop(); }
  void Stop() {
    thread_.request_stop();
    thread_.join();
  }
  [[nodiscard]] bool Idle() const { return runner_.Idle(); }
  [[nodiscard]] int Calls() const { return stage_.Calls(); }
  /// A metric of the stage without its prefix; 0 if there is none.
  [[nodiscard]] double Count(const std::string& name, const metrics::Labels& labels = {}) const {
    return registry.Find("brood_try_out_" + name, labels).value_or(0);
  }
  [[nodiscard]] double Handled(const std::string& fate) const {
    return Count("handled_messages_total", {{"fate", fate}});
  }

  FakeSource source;
  ManualClock clock;
  metrics::Registry registry;

 private:
  FunctionStage stage_;
  LimitOnlyBroker broker_;
  Runner runner_;
  std::jthread thread_;
};

}  // namespace brood::stage::testing
