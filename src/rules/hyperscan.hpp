#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

struct hs_database;
struct hs_scratch;

namespace brood::rules {

/// A pattern in the syntax that Hyperscan has in common with PCRE2; see widen.hpp.
struct ScanExpression {
  /// Without kUtf8 a byte is a character, and case and classes are those of ASCII.
  enum Flag : std::uint32_t { kCaseless = 1, kDotAll = 2, kPrefilter = 4, kUtf8 = 8 };
  std::string text;
  std::uint32_t flags = 0;
};

/// What Hyperscan says of an expression before it is compiled with the others.
struct ScanFacts {
  std::size_t shortest_match = 0;  ///< bytes; with 0 there is nothing to look for: every text is found
};

[[nodiscard]] Expected<ScanFacts, std::string> ExamineExpression(const ScanExpression& expression);

/// Version of the library and the processor's features that it compiles for: what a compiled set depends on
/// besides its expressions.
[[nodiscard]] std::string ScanEngine();

/// The memory that a scan writes to, grown to what the largest set needs that it was used with. One for each
/// thread; not thread-safe.
class ScanScratch {
 public:
  /// For tests of what happens when Hyperscan fails: the next so many scans do.
  void FailNext(int scans) { failing_ = scans; }

 private:
  friend class ScanSet;
  struct Free {
    void operator()(hs_scratch* scratch) const;
  };
  [[nodiscard]] bool Fits(std::uint64_t set, const hs_database* database);
  void Forget();

  std::unique_ptr<hs_scratch, Free> memory_;
  std::vector<std::uint64_t> fits_;  // the sets that it is large enough for
  std::uint64_t last_ = 0;           // the one of them that was used last
  int failing_ = 0;
};

/// Expressions compiled together; each is known by its index. Immutable, shared between threads.
class ScanSet {
 public:
  struct Refusal {
    std::string what;
    std::optional<std::size_t> index;  ///< of the expression that is to blame, if one is
  };

  [[nodiscard]] static Expected<ScanSet, Refusal> Compile(std::span<const ScanExpression> expressions);

  /// What ToBytes gave; nothing if it was made by another version or for another processor, or is damaged
  /// where the library's own checksum shows it.
  [[nodiscard]] static std::optional<ScanSet> FromBytes(std::string_view bytes);
  [[nodiscard]] std::optional<std::string> ToBytes() const;

  enum class Outcome { kDone, kFailed };
  /// Appends the indices of all expressions that match anywhere in `text`, which must be valid UTF-8, each once
  /// and in no order. `text` must be valid UTF-8 if any has kUtf8. After kFailed nothing is known of this text,
  /// and `found` is as it was.
  [[nodiscard]] Outcome Scan(std::string_view text, ScanScratch& scratch,
                             std::vector<std::uint32_t>& found) const;

 private:
  struct Free {
    void operator()(hs_database* database) const;
  };
  explicit ScanSet(hs_database* database);

  std::unique_ptr<hs_database, Free> database_;
  std::uint64_t id_;  // unlike a pointer never used twice
};

}  // namespace brood::rules
