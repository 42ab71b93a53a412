#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "broker/broker.hpp"

namespace brood::broker::amqp {

/// The queues that were declared, to be declared again on every new connection. Thread-safe.
class Topology {
 public:
  void Add(const QueueShape& queue) {
    const std::lock_guard lock(mutex_);
    queues_[queue.name] = queue;
  }
  [[nodiscard]] std::optional<QueueShape> Find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = queues_.find(name);
    return found == queues_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::vector<QueueShape> All() const {
    const std::lock_guard lock(mutex_);
    std::vector<QueueShape> all;
    for (const auto& [name, queue] : queues_) all.push_back(queue);
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, QueueShape> queues_;
};

}  // namespace brood::broker::amqp
