#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox {

struct FleetSettings {
  std::int64_t max_pending = 10;                      ///< a node with so many pending tasks gets no more
  std::uint64_t min_free = std::uint64_t{256} << 20;  ///< bytes; checked where check_free_space
  enum class FreeSpace { kIgnore, kCheck } free_space = FreeSpace::kIgnore;
  Millis status_every{2'000};     ///< age at which a node's status is asked again
  Millis status_soonest{100};     ///< the same where only what was chosen since filled the node
  Millis stalled_after{600'000};  ///< pending > 0 with nothing running for so long: it gets no more
  Backoff probe{Millis{1'000}, Millis{60'000}, 2.0};  ///< between two probes of a node that is down
};

/// What the fleet knows of a node, for people and for the API.
struct NodeView {
  model::NodeUrl url;
  enum class Health { kUnknown, kUp, kDown, kStalled } health = Health::kUnknown;
  std::string trouble;  ///< why it is down or takes nothing
  std::optional<NodeStatus> status;
  Time status_at{};
  Time down_since{};
};

/// The nodes that feed_cuckoo may choose from. Thread-safe.
class Fleet {
 public:
  Fleet(std::vector<std::shared_ptr<Node>> nodes, FleetSettings settings, Clock& clock);
  ~Fleet();

  struct Choice {
    std::shared_ptr<Node> node;  ///< null: none is free
    Millis again_after{0};       ///< then: when it is worth asking again
    std::string why;             ///< then: in a sentence
  };
  /// The node with the most room, asking for a fresh status where what is known is old (one caller asks, the
  /// others go by what is known). What was chosen counts as pending there until the next status. `avoid` is
  /// taken only if it is the only one that is up. Blocks at most for one status call a node.
  [[nodiscard]] Choice Choose(const std::optional<model::NodeUrl>& avoid, std::stop_token stop);

  /// A node by its URL; null if it is not of this fleet.
  [[nodiscard]] std::shared_ptr<Node> Find(const model::NodeUrl& url) const;
  /// Tell what a submission brought (null: it went well). A node that is unreachable or refuses the token is
  /// down: skipped and probed with back-off. After a lost or senseless answer it rests for a growing while.
  /// What the node says of one request alone (kRefused, kNotFound) is no trouble of the node.
  void Report(const model::NodeUrl& url, const SandboxError* error);
  [[nodiscard]] std::vector<NodeView> Views() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brood::sandbox
