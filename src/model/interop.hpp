#pragma once

namespace brood::model {

/// Whose program takes from a queue.
enum class Interop {
  kBrood,  ///< brood alone
  kGo,     ///< also, or only, a service of cuckoo_distributed: it knows no reference and none of our own keys
};

}  // namespace brood::model
