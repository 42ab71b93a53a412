#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/submission.hpp"
#include "store/blacklist.hpp"
#include "store/dead_letters.hpp"
#include "store/hashes.hpp"
#include "store/lists.hpp"
#include "store/reports.hpp"
#include "store/result.hpp"

namespace brood::store {

// What every backend refuses with kInvalid before it writes, so that all keep the same records. Ids (of
// submissions, samples, reports, dead letters, whitelist entries, feeds, types) are 1 to 512 bytes of UTF-8
// without control characters; a blacklist value is any UTF-8 text; scores are finite. Other text is never
// refused: a file's name may be any bytes.

inline constexpr std::size_t kMaxIdBytes = 512;

[[nodiscard]] Result<void> CheckId(std::string_view what, std::string_view id);

[[nodiscard]] Result<void> Check(const model::Submission& record);
[[nodiscard]] Result<void> Check(const HashRecord& record);
[[nodiscard]] Result<void> Check(const StoredReport& report);
[[nodiscard]] Result<void> Check(const BlacklistEntry& entry);
[[nodiscard]] Result<void> Check(const WhitelistEntry& entry);
[[nodiscard]] Result<void> Check(const DeadLetter& letter);
[[nodiscard]] Result<void> CheckFeed(std::string_view category, std::span<const std::string> entries,
                                     std::string_view source);

/// The first item's problem, if any has one.
template <class T>
[[nodiscard]] Result<void> CheckAll(std::span<const T> items) {
  for (const T& item : items) {
    if (auto fine = Check(item); !fine) return fine;
  }
  return {};
}

}  // namespace brood::store
