#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "stage/stage.hpp"

namespace brood::stage::testing {

/// A stage made of a function.
class FunctionStage final : public Stage {
 public:
  using Function = std::function<std::vector<Fate>(std::span<const broker::Message>, const Turn&)>;

  explicit FunctionStage(Function handle) : handle_(std::move(handle)) {}
  [[nodiscard]] std::string Name() const override { return "try_out"; }
  [[nodiscard]] std::vector<Fate> Handle(std::span<const broker::Message> batch, const Turn& turn) override {
    ++calls_;
    return handle_(batch, turn);
  }
  [[nodiscard]] int Calls() const { return calls_; }

 private:
  Function handle_;
  std::atomic<int> calls_{0};
};

}  // namespace brood::stage::testing
