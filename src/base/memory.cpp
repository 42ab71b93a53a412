#include "base/memory.hpp"

#include <mimalloc.h>

#include <mutex>

// Only the release program is linked with mimalloc: elsewhere these are not there.
#pragma weak mi_option_get
#pragma weak mi_option_set

namespace brood {
namespace {

std::mutex mutex;
int living = 0;
long usual_delay = 0;  // ms

}  // namespace

FreeAtOnce::FreeAtOnce() {
  if (mi_option_set == nullptr || mi_option_get == nullptr) return;
  const std::lock_guard lock(mutex);
  if (living++ > 0) return;
  usual_delay = mi_option_get(mi_option_decommit_delay);
  mi_option_set(mi_option_decommit_delay, 0);
}

FreeAtOnce::~FreeAtOnce() {
  if (mi_option_set == nullptr || mi_option_get == nullptr) return;
  const std::lock_guard lock(mutex);
  if (--living == 0) mi_option_set(mi_option_decommit_delay, usual_delay);
}

}  // namespace brood
