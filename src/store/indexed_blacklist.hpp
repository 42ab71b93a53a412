#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "metrics/registry.hpp"
#include "store/blacklist.hpp"
#include "store/value_set.hpp"

namespace brood::store {

/// A blacklist whose values this process holds in memory, for Contains; everything else goes to the one behind.
///
/// What is written through it counts at once. What other processes write counts after the next Refresh, which
/// asks for the generation alone while nothing has changed, reads what is new where somebody added, and
/// everything where somebody removed or the numbers of entries differ. While the store is away, and until the
/// first Refresh, the last known values stay in force, or Contains asks the store. A blacklist that would take
/// more than `max_bytes` is not held: then too the store is asked. Thread-safe.
class IndexedBlacklist final : public Blacklist {
 public:
  /// `behind`, metrics and clock outlive it.
  IndexedBlacklist(Blacklist& behind, std::size_t max_bytes, metrics::Registry& metrics, Clock& clock);

  [[nodiscard]] Result<void> Upsert(std::span<const BlacklistEntry> entries) override;
  [[nodiscard]] Result<bool> Remove(std::string_view type, std::string_view value) override;
  [[nodiscard]] Result<std::vector<bool>> RemoveUnchanged(std::span<const BlacklistEntry> entries) override;
  [[nodiscard]] Result<std::optional<BlacklistEntry>> Get(std::string_view type,
                                                          std::string_view value) override;
  [[nodiscard]] Result<bool> Contains(std::string_view type, std::string_view value) override;
  [[nodiscard]] Result<Listing<BlacklistEntry>> Since(std::string_view type, std::optional<Time> since,
                                                      const Page& page) override;
  [[nodiscard]] Result<std::uint64_t> CountSince(std::string_view type, std::optional<Time> since) override;
  [[nodiscard]] Result<BlacklistGeneration> Generation() override;

  /// Looks for what others have changed. To be called every half second or so.
  [[nodiscard]] Result<void> Refresh();

 private:
  struct Change {
    Fingerprint fingerprint;
    bool listed = false;
  };

  void Note(std::span<const Change> changes, BlacklistGeneration by);
  [[nodiscard]] BlacklistGeneration ByOthers(const BlacklistGeneration& all) const;
  struct Size {
    std::size_t entries = 0, bytes = 0;
  };

  [[nodiscard]] bool Holds() const;
  [[nodiscard]] Size Held() const;
  [[nodiscard]] Result<void> Follow(const BlacklistGeneration& by_others, Time now);
  [[nodiscard]] Result<void> LoadAll(Time now);
  [[nodiscard]] Result<void> LoadNew();
  [[nodiscard]] Result<void> Check(Time now);
  void LetGo(std::uint64_t entries);
  void BeginToRead();
  void EndReading(ValueSet* all, std::span<const Change> found);
  [[nodiscard]] Result<void> Read(std::optional<Time> since,
                                  const std::function<void(const Fingerprint&)>& take);

  Blacklist& behind_;
  const std::size_t max_bytes_;
  Clock& clock_;
  metrics::Gauge &entries_, &bytes_;
  metrics::Counter &loads_of_all_, &loads_of_new_;

  std::mutex refreshing_;  ///< one Refresh at a time; the next ones are its own
  BlacklistGeneration by_others_;
  Time looked_{}, checked_{};
  bool too_large_ = false;

  mutable std::shared_mutex mutex_;
  bool holds_ = false;  ///< whether `values_` is all of the blacklist
  ValueSet values_;
  BlacklistGeneration ours_;                  ///< what was written through this very object
  std::optional<std::vector<Change>> since_;  ///< written through it while the store is read
};

}  // namespace brood::store
