#include "rules/scratch_pool.hpp"

namespace brood::rules {
namespace {

// More threads than these at once are rare: their scratches are not kept.
constexpr std::size_t kMostKept = 32;

}  // namespace

ScratchPool::Lease ScratchPool::Take() {
  std::unique_ptr<MatchScratch> scratch;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      scratch = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (scratch) {
    scratch->BeginReport();
  } else {
    scratch = std::make_unique<MatchScratch>(limits_);
  }
  return {scratch.release(), GiveBack{this}};
}

void ScratchPool::Put(std::unique_ptr<MatchScratch> scratch) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < kMostKept) free_.push_back(std::move(scratch));
}

}  // namespace brood::rules
