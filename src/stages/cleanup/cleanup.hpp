#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/section.hpp"
#include "metrics/registry.hpp"
#include "model/messages.hpp"
#include "sandbox/sandbox.hpp"
#include "stage/stage.hpp"

namespace brood::stages::cleanup {

struct Settings {
  std::string consumer_queue = "worker/cleanup";
  std::string failed_queue = "worker/failed";
  std::size_t prefetch_count = 1'000;
  std::size_t workers = 1;
  Millis retry_every{30'000};
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// The node with this URL, or null. Called by several workers at once.
using FindNode = std::function<std::shared_ptr<sandbox::Node>(const model::NodeUrl&)>;

/// Deletes finished tasks in their sandbox: only while the marker is ours (it was seen there a moment ago, or
/// is looked for) or, of a task that others fed, while it has none and the sample is the same. 404 counts as
/// done, retried for as long as it takes, never a failure of the analysis. Task 0 means: whatever task carries
/// the marker.
class Cleanup final : public stage::Stage {
 public:
  Cleanup(Settings settings, FindNode find_node, metrics::Registry& metrics);

  [[nodiscard]] std::string Name() const override { return "cleanup"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  [[nodiscard]] stage::Fate HandleOne(const broker::Message& message, const stage::Turn& turn);
  [[nodiscard]] stage::Fate DeleteByMarker(sandbox::Node& node, const model::CleanupMessage& message,
                                           std::stop_token stop);
  [[nodiscard]] stage::Fate DeleteIfMeant(sandbox::Node& node, model::TaskId task,
                                          const model::CleanupMessage& message, std::stop_token stop);
  [[nodiscard]] stage::Fate Delete(sandbox::Node& node, model::TaskId task, const std::stop_token& stop);
  [[nodiscard]] static bool IsMeant(const sandbox::TaskRow& row, const model::CleanupMessage& message);
  [[nodiscard]] stage::Fate Later(const sandbox::SandboxError& error) const;

  const Settings settings_;
  const FindNode find_node_;
  metrics::Counter& deleted_;
  metrics::Counter& foreign_;
};

}  // namespace brood::stages::cleanup
