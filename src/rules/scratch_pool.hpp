#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "rules/pcre.hpp"

namespace brood::rules {

/// Scratches that wait for the next report, so that their memory is made once for each thread that evaluates.
/// Thread-safe; outlives what it lends.
class ScratchPool {
  struct GiveBack {
    ScratchPool* pool;
    void operator()(MatchScratch* scratch) const { pool->Put(std::unique_ptr<MatchScratch>(scratch)); }
  };

 public:
  using Lease = std::unique_ptr<MatchScratch, GiveBack>;

  explicit ScratchPool(const Limits& limits) : limits_(limits) {}

  /// One that is about to begin a report, on this thread.
  [[nodiscard]] Lease Take();

 private:
  void Put(std::unique_ptr<MatchScratch> scratch);

  const Limits limits_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<MatchScratch>> free_;
};

}  // namespace brood::rules
