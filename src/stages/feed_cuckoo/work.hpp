#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "model/messages.hpp"
#include "model/submission.hpp"
#include "stages/feed_cuckoo/feed_cuckoo.hpp"

namespace brood::stages::feed_cuckoo {

/// One message on its way through Handle, until it has its fate.
struct FeedCuckoo::Work {
  Work(const broker::Message& from, const stage::Turn& its_turn) : received(from), turn(its_turn) {}

  const broker::Message& received;
  const stage::Turn& turn;
  model::FeedMessage message;
  model::Submission record;
  std::shared_ptr<sandbox::Node> node;  ///< where it is uploaded
  std::filesystem::path file;           ///< what is uploaded
  std::optional<stage::Fate> fate;

  [[nodiscard]] bool Open() const { return !fate; }
  void End(stage::Fate its_fate) { fate = std::move(its_fate); }
  [[nodiscard]] model::Marker Marker() const { return {record.id, record.attempt}; }
};

}  // namespace brood::stages::feed_cuckoo
