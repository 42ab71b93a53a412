#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "rules/hyperscan.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {

struct PcreError {
  std::string message;     ///< PCRE2's own
  std::size_t offset = 0;  ///< byte in the pattern
};

/// What matching needs besides the pattern: memory, a stack for compiled code, and the bounds with the CPU time
/// left. One for each thread that evaluates; not thread-safe.
class MatchScratch {
 public:
  explicit MatchScratch(const Limits& limits);
  ~MatchScratch();
  MatchScratch(const MatchScratch&) = delete;
  MatchScratch& operator=(const MatchScratch&) = delete;

  /// A new report begins, on this thread: it has all its time. The constructor does so too.
  void BeginReport();
  /// Memory for Hyperscan.
  [[nodiscard]] ScanScratch& Scans() { return scans_; }
  /// A new value begins: it has the time of a pattern, or what is left of the report's.
  void BeginPattern();
  /// Notes that a search of this cost is about to begin; false once the pattern's time is used up.
  [[nodiscard]] bool Spend(std::size_t cost);

 private:
  friend class Pcre;
  struct Memory;
  std::unique_ptr<Memory> memory_;
  ScanScratch scans_;
  Limits limits_;
  std::chrono::nanoseconds pattern_ends_{0}, report_ends_{0};
  std::size_t unmeasured_ = 0;
  bool fresh_ = false;  // the pattern that began last has not looked at the clock since
};

/// What a compiled pattern depends on besides its text: the library's version and its Unicode tables'.
[[nodiscard]] std::string PcreVersion();

/// A pattern for PCRE2, compiled when it is first wanted; at the first search to machine code too, where the
/// processor allows. Many threads may search at once.
class Pcre {
 public:
  enum Flag : std::uint32_t { kCaseless = 1, kMultiline = 2, kDotAll = 4, kAscii = 8 };
  enum class Outcome { kMatch, kNoMatch, kStepLimit, kMemoryLimit, kTimeLimit, kTooLong };

  Pcre(std::string_view pattern, std::uint32_t flags);
  /// Made only if PCRE2 takes it.
  [[nodiscard]] static Expected<Pcre, PcreError> Compile(std::string_view pattern, std::uint32_t flags);

  /// Compiles it unless that was done; PCRE2's objection, if it has one.
  [[nodiscard]] std::optional<PcreError> Compile() const;
  [[nodiscard]] bool IsCompiled() const;

  /// Is there a match anywhere in `text`, which must be valid UTF-8? After kTimeLimit the pattern should be
  /// left alone. kMemoryLimit if it cannot be compiled.
  [[nodiscard]] Outcome Search(std::string_view text, MatchScratch& scratch) const;

  /// All matches, none empty, one behind the other: for the program's own patterns and texts, since nothing
  /// bounds it. None if it cannot be compiled.
  [[nodiscard]] std::vector<std::string_view> FindAll(std::string_view text) const;

 private:
  class Code;
  struct Free {
    void operator()(Code* code) const;
  };
  [[nodiscard]] int SearchWindow(std::string_view text, std::size_t from, std::size_t window,
                                 MatchScratch::Memory& memory) const;

  std::unique_ptr<Code, Free> code_;
};

}  // namespace brood::rules
