#include "api/published_ids.hpp"

namespace brood::api {

void PublishedIds::Add(const model::SubmissionId& id) {
  const std::lock_guard lock(mutex_);
  if (ids_.size() >= max_) ids_.clear();
  ids_.insert(id);
}

bool PublishedIds::Contains(const model::SubmissionId& id) const {
  const std::lock_guard lock(mutex_);
  return ids_.contains(id);
}

}  // namespace brood::api
