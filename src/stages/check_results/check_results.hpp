#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/section.hpp"
#include "model/interop.hpp"
#include "sandbox/node_watch.hpp"
#include "stage/stage.hpp"
#include "stages/check_results/policy.hpp"

namespace brood::stages::check_results {

struct Settings {
  std::string consumer_queue = "worker/check_results";
  std::string producer_queue = "worker/parse_and_submit";
  std::string failed_queue = "worker/failed";
  model::Interop interop = model::Interop::kBrood;
  std::size_t prefetch_count = 10'000;
  std::size_t workers = 2;
  Patience patience;
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// The watch over a node, or null for a node that is not configured. Called by several workers at once.
using FindWatch = std::function<sandbox::NodeWatch*(const model::NodeUrl&)>;

/// Holds each task's message until the node's watch has seen it reported, failed or gone. Asks no sandbox
/// itself, so any number may wait at a fixed cost; instances share nothing. A message that came through a Go
/// service is published again with the keys that were lost, made good from the task's marker.
class CheckResults final : public stage::Stage {
 public:
  CheckResults(Settings settings, FindWatch find_watch)
      : settings_(std::move(settings)), find_watch_(std::move(find_watch)) {}

  [[nodiscard]] std::string Name() const override { return "check_results"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  [[nodiscard]] stage::Fate HandleOne(const broker::Message& message, const stage::Turn& turn) const;
  [[nodiscard]] stage::Fate Completed(model::TaskMessage task, const broker::Message& message,
                                      const sandbox::TaskRow& row, Time now) const;
  [[nodiscard]] stage::Done GoOnAs(model::TaskMessage task, model::TaskId successor, Time now) const;

  const Settings settings_;
  const FindWatch find_watch_;
};

}  // namespace brood::stages::check_results
