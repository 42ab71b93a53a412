#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "sandbox/sandbox.hpp"

namespace brood::sandbox {

/// Every node that a message may name: the configured ones, and guests, which were configured elsewhere (by the
/// feeder of another machine) and are admitted by their URL. Thread-safe.
class NodeDirectory {
 public:
  using Admits = std::function<bool(const model::NodeUrl&)>;
  using Make = std::function<std::shared_ptr<Node>(const model::NodeUrl&)>;
  static constexpr std::size_t kMostGuests = 64;  ///< each costs a thread that watches it

  /// `make` is called for an admitted URL when a message first names it, and the node is kept.
  NodeDirectory(std::vector<std::shared_ptr<Node>> configured, Admits admits, Make make);

  /// Null for a node that is neither configured nor admitted, and beyond kMostGuests.
  [[nodiscard]] std::shared_ptr<Node> Find(const model::NodeUrl& url);

 private:
  std::shared_ptr<Node> Invite(const model::NodeUrl& url);

  const Admits admits_;
  const Make make_;
  std::mutex mutex_;
  std::map<model::NodeUrl, std::shared_ptr<Node>> nodes_;
  std::size_t guests_ = 0;
};

/// What becomes of a message whose node is null.
[[nodiscard]] Error UnknownNode(const model::NodeUrl& url);

}  // namespace brood::sandbox
