#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"

namespace brood::store {

enum class Errc {
  kUnavailable,  ///< cannot be reached or did not answer in time; try again
  kFull,         ///< no room on the disk, or read-only because of it; goes away by itself
  kDamaged,      ///< a document that is not of our shape
  kInvalid,      ///< given something that cannot be kept, see limits.hpp; trying again does not help
};

struct StoreError {
  Errc code = Errc::kUnavailable;
  std::string what;
};

template <class T>
using Result = Expected<T, StoreError>;

/// kUnavailable and kFull are transient, the others permanent.
[[nodiscard]] Error ToError(const StoreError& error);

enum class Moved {
  kMoved,    ///< the record is now ours
  kCurrent,  ///< a record of the same or a later version stands: read it and follow
};

/// A page of a listing: `next` is passed back to go on, empty at the end. A page may be shorter than `size` and
/// still have a next one. A text that no listing gave out is kInvalid.
struct Page {
  std::size_t size = 100;
  std::string after;
};
template <class T>
struct Listing {
  std::vector<T> items;
  std::string next;
};

}  // namespace brood::store
