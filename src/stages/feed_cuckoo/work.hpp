#pragma once

#include "model/messages.hpp"
#include "model/submission.hpp"
#include "stages/feed_cuckoo/feed_cuckoo.hpp"

namespace brood::stages::feed_cuckoo {

/// One message on its way through Handle.
struct FeedCuckoo::Work {
  const broker::Message& received;
  const stage::Turn& turn;
  model::FeedMessage message;
  model::Submission record;

  [[nodiscard]] model::Marker Marker() const { return {record.id, record.attempt}; }
};

}  // namespace brood::stages::feed_cuckoo
