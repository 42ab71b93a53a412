#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

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

/// A pattern compiled by PCRE2; at the first search to machine code, where the processor allows. Many threads
/// may search at once.
class Pcre {
 public:
  enum Flag : std::uint32_t { kCaseless = 1, kMultiline = 2, kDotAll = 4, kAscii = 8 };
  enum class Outcome { kMatch, kNoMatch, kStepLimit, kMemoryLimit, kTimeLimit, kTooLong };

  [[nodiscard]] static Expected<Pcre, PcreError> Compile(std::string_view pattern, std::uint32_t flags);

  /// Is there a match anywhere in `text`, which must be valid UTF-8? After kTimeLimit the pattern should be
  /// left alone.
  [[nodiscard]] Outcome Search(std::string_view text, MatchScratch& scratch) const;

 private:
  struct Code;
  struct Free {
    void operator()(Code* code) const;
  };
  explicit Pcre(Code* code) : code_(code) {}
  [[nodiscard]] int SearchWindow(std::string_view text, std::size_t from, std::size_t window,
                                 MatchScratch::Memory& memory) const;

  std::unique_ptr<Code, Free> code_;
};

}  // namespace brood::rules
