#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/expected.hpp"
#include "rules/evaluate.hpp"
#include "rules/pcre.hpp"

namespace brood::rules {

enum class LetterCase { kMatters, kIgnored };

/// One text value of a rule. Without the prefix `!REGEX!` it is a wildcard; with kVerbatim it is itself.
struct TextPattern {
  enum class Syntax { kWildcardOrRegex, kVerbatim };
  std::uint32_t id = 0;  ///< the caller's, told back in hits
  std::string text;
  Syntax syntax = Syntax::kWildcardOrRegex;
  LetterCase letter_case = LetterCase::kMatters;
};

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

/// Many patterns against many texts. This is the whole of what the rest of the room knows of the engine.
/// Immutable, and shared between threads, each with a scratch of its own.
class TextMatcher {
 public:
  /// All problems, or a matcher.
  [[nodiscard]] static Expected<TextMatcher, std::vector<PatternProblem>> Compile(
      std::span<const TextPattern> patterns);

  [[nodiscard]] TextHits Scan(std::span<const std::string_view> data, MatchScratch& scratch) const;

 private:
  struct Searched {
    std::uint32_t id;
    std::string text;
    Pcre pattern;
  };
  void Search(const Searched& pattern, std::span<const std::string_view> data, MatchScratch& scratch,
              TextHits& out) const;

  std::unordered_multimap<std::string_view, std::uint32_t> exact_;  // views into exact_texts_
  std::vector<std::string> exact_texts_;
  std::vector<Searched> searched_;
};

}  // namespace brood::rules
