#pragma once

#include <cstddef>
#include <mutex>
#include <unordered_set>

#include "model/ids.hpp"

namespace brood::api {

/// Submissions whose message this process has published: a later sighting need not publish it again. Forgets
/// all when there are too many; what is forgotten is published once more at most, which is harmless.
/// Thread-safe.
class PublishedIds {
 public:
  explicit PublishedIds(std::size_t max = 100'000) : max_(max) {}

  void Add(const model::SubmissionId& id);
  [[nodiscard]] bool Contains(const model::SubmissionId& id) const;

 private:
  const std::size_t max_;
  mutable std::mutex mutex_;
  std::unordered_set<model::SubmissionId> ids_;
};

}  // namespace brood::api
