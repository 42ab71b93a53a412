#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "rules/evaluate.hpp"
#include "rules/exact_texts.hpp"
#include "rules/pcre.hpp"
#include "rules/prepared_pattern.hpp"
#include "rules/scan_cache.hpp"
#include "rules/text_pattern.hpp"

namespace brood::rules {

struct PatternProblem {
  std::uint32_t id = 0;
  std::string what;
};

/// Pattern `id` matches the datum of that index.
struct TextHit {
  std::uint32_t id = 0, datum = 0;
  auto operator<=>(const TextHit&) const = default;
};

/// What a scan found: each pair once, by datum, then by id. The limits' key is left empty.
struct TextHits {
  std::vector<TextHit> hits;
  std::vector<LimitHit> limits;
};

/// Where the compiled form of a matcher's patterns is kept, and as what. Without a cache it is made anew.
struct CacheSlot {
  ScanCache* cache = nullptr;
  std::string label;
};

/// How a matcher's patterns are looked for, for people: in texts of ASCII, if such a text can match.
struct MatcherFacts {
  struct Slow {
    std::uint32_t id = 0;  ///< of a pattern that PCRE2 tries on every text
    std::string why;
  };
  std::size_t looked_up = 0, exact = 0, confirmed = 0, alone = 0;  ///< patterns in each way, see README.md
  std::size_t compiled = 0;  ///< of those that are not looked up: by PCRE2, so far
  std::vector<Slow> slow;
};

/// Many patterns against many texts. This is the whole of what the rest of the room knows of the engines.
///
/// Literals are looked up. All else goes through Hyperscan in one scan a text, by a plan for its kind of text;
/// what it cannot decide alone PCRE2 confirms, and what it refuses, or fails at, PCRE2 searches for. Either way
/// a pattern matches exactly the texts that PCRE2 says it does. Only PCRE2 hits limits.
///
/// Immutable, and shared between threads, each with a scratch of its own.
class TextMatcher {
 public:
  /// kPcre2Alone: each text with each pattern, literals too. It is what the other is compared with.
  enum class Engines { kBoth, kPcre2Alone };

  /// All problems by id, or a matcher. PCRE2 compiles every pattern, unless the cache has the plan of just
  /// these: then it took them before, and each is compiled when it is first wanted.
  [[nodiscard]] static Expected<TextMatcher, std::vector<PatternProblem>> Compile(
      std::span<const TextPattern> patterns, Engines engines = Engines::kBoth, const CacheSlot& slot = {});

  [[nodiscard]] TextHits Scan(std::span<const std::string_view> data, MatchScratch& scratch) const;
  /// Adds this matcher's.
  void Tell(MatcherFacts& facts) const;

 private:
  friend class TextPass;

  struct Searched {
    std::uint32_t id;
    std::string text;
    Pcre pattern;
  };

  /// Gives the patterns of searched_, which is filled.
  [[nodiscard]] std::vector<PreparedPattern> Add(std::span<const TextPattern> patterns, Engines engines,
                                                 std::vector<PatternProblem>& problems);
  void Check(std::span<const PreparedPattern> prepared, std::vector<PatternProblem>& problems) const;
  void Follow(ScanPlans plans);
  [[nodiscard]] const ScanPlan& PlanFor(std::string_view text) const;

  ExactTexts exact_;
  std::vector<Searched> searched_;
  ScanPlans plans_;                   // of searched_
  std::vector<std::uint32_t> alone_;  // in either plan; indices into searched_
};

}  // namespace brood::rules
