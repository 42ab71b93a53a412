#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "retrohunt/value_key.hpp"
#include "store/blacklist.hpp"

namespace brood::retrohunt {

/// What a hunt knows of each value, compactly: about 60 bytes for an entry that stands, 80 for one that is to
/// come. Of several reports that blacklist one value the highest score counts, of equal ones the one whose
/// content has the greater fingerprint: any order of the reports leads to the same.
///
/// Filled with Stand, then sealed. From then on Removable may be called by any thread; the rest is for one.
class Ledger {
 public:
  /// Entries that changed at `started` or later are left alone: the services have written them meanwhile.
  explicit Ledger(Time started) : started_(started) {}

  void Stand(const store::BlacklistEntry& entry);
  void Seal();

  /// Whether there are entries of this type that a hunt may remove.
  [[nodiscard]] bool HasRemovable(std::string_view type) const;
  /// Whether this is an entry that a hunt may remove: made by rules, before it began.
  [[nodiscard]] bool Removable(const ValueKey& key) const;
  /// Whether there is an entry, whoever made it.
  [[nodiscard]] bool Stands(const ValueKey& key) const { return Find(key) < standing_.size(); }

  enum class Told {
    kNothing,  ///< that mattered
    kSame,     ///< the first one that does so just as the entry stands
    kBest,     ///< the best so far of what is not as the entry stands, or of a value without an entry
  };
  /// A report blacklists this.
  Told Lists(const ValueKey& key, const store::BlacklistEntry& entry);
  /// A report names this value and does not blacklist it. True the first time for an entry that may be removed.
  bool Spares(const ValueKey& key);
  /// Lists said kSame of it before.
  void RecallSame(const ValueKey& key);

  enum class Fate {
    kLeft,     ///< not ours to change, or unchanged
    kChange,   ///< the entry is to become the best
    kAdd,      ///< there is none, and the best is to be one
    kRemove,   ///< reports name it, none blacklists it
    kNoReport  ///< no report names it any more
  };
  [[nodiscard]] Fate Of(const ValueKey& key) const;
  /// Whether these are the best score and reasons for the value.
  [[nodiscard]] bool IsBest(const ValueKey& key, double score, std::string_view reasons) const;
  /// Entries that a person or an import made.
  [[nodiscard]] std::size_t OfPeople() const { return of_people_; }
  /// Entries that stay as they are.
  [[nodiscard]] std::size_t Unchanged() const;

 private:
  struct Content {
    double score = 0.0;
    std::uint64_t fingerprint = 0;
    auto operator<=>(const Content&) const = default;
  };
  static Content ContentOf(double score, std::string_view reasons);

  struct Standing {
    ValueKey key;
    Content content;
    bool ours = false;  ///< made by rules, before the hunt began
  };
  struct State {
    Content best;
    bool reached = false, same = false, spared = false, has_best = false;
  };
  /// Its place in `standing_`; none at the end.
  [[nodiscard]] std::size_t Find(const ValueKey& key) const;
  static Told Improve(State& state, const Content& content);

  const Time started_;
  std::vector<Standing> standing_;  ///< ordered by key once sealed, and then not changed
  std::vector<State> states_;       ///< of each in `standing_`
  std::unordered_map<ValueKey, State, HashOfKey> new_;
  std::map<std::string, std::size_t, std::less<>> removable_;  ///< by type
  std::size_t of_people_ = 0;
};

}  // namespace brood::retrohunt
