#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "feeds/settings.hpp"
#include "http/client.hpp"
#include "metrics/registry.hpp"
#include "store/lists.hpp"

namespace brood::feeds {

struct Fetched;

/// Whether a list that has shrunk too much, or is empty, is taken all the same.
enum class Shrunken { kRefused, kTaken };

/// What became of one list.
struct Outcome {
  enum class Kind {
    kReplaced,   ///< the new list is in force
    kUnchanged,  ///< the server has no other
    kFailed,     ///< the former list stays, `trouble` says why
    kStopped,    ///< by the stop token; nothing has changed
  };
  Source source;
  Kind kind = Kind::kFailed;
  std::size_t entries = 0, before = 0;  ///< in force now, and before
  std::size_t skipped = 0;              ///< lines that are no entries
  std::string trouble;
};

/// Fetches third-party lists and swaps them in, each whole or not at all. What came of it is logged, counted
/// and noted beside the list. Thread-safe; each call blocks its caller for the downloads, one after the other.
class Updater {
 public:
  /// All of them outlive it.
  Updater(Settings settings, store::Lists& lists, http::Client& client, Clock& clock,
          metrics::Registry& metrics);

  [[nodiscard]] const std::vector<Source>& Sources() const { return sources_; }

  using Told = std::function<void(const Outcome&)>;
  /// In order. `told` hears of each as it ends.
  std::vector<Outcome> Update(std::span<const Source> sources, Shrunken shrunken, const std::stop_token& stop,
                              const Told& told = {});

  /// Those of Sources() whose time has come: never asked, or not for update_every, after a failure for
  /// retry_after. None while the store is away. Sets the gauges as well.
  [[nodiscard]] std::vector<Source> Due();

 private:
  struct Known;

  Outcome UpdateOne(const Source& source, const Known& known, Shrunken shrunken, const std::stop_token& stop);
  Outcome Swap(const Source& source, const Known& known, Shrunken shrunken, Fetched fetched);
  Outcome Keep(const Source& source, const Known& known, Outcome outcome);
  void Count(const Outcome& outcome);
  [[nodiscard]] std::string TooFew(std::size_t entries, std::size_t before) const;

  const Settings settings_;
  const std::vector<Source> sources_;
  store::Lists& lists_;
  http::Client& client_;
  Clock& clock_;
  metrics::Registry& metrics_;
};

/// Whether a source with this note is asked again at `now`.
[[nodiscard]] bool IsDue(const store::Lists::FeedNote& note, const Settings& settings, Time now);

}  // namespace brood::feeds
