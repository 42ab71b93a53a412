#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {

struct PcreError {
  std::string message;     ///< PCRE2's own
  std::size_t offset = 0;  ///< byte in the pattern
};

/// What matching needs besides the pattern: memory, a stack for compiled code, and the bounds with the CPU time
/// left. One for each evaluation; not thread-safe.
class MatchScratch {
 public:
  explicit MatchScratch(const Limits& limits);
  ~MatchScratch();
  MatchScratch(const MatchScratch&) = delete;
  MatchScratch& operator=(const MatchScratch&) = delete;

  /// A new value begins: it has the time of a pattern, or what is left of the report's.
  void BeginPattern();
  /// Notes that a search of this cost is about to begin; false once the pattern's time is used up.
  [[nodiscard]] bool Spend(std::size_t cost);

 private:
  friend class Pcre;
  struct Memory;
  std::unique_ptr<Memory> memory_;
  Limits limits_;
  std::chrono::nanoseconds pattern_ends_{0}, report_ends_{0};
  std::size_t unmeasured_ = 0;
  bool fresh_ = false;  // the pattern that began last has not looked at the clock since
};

/// A pattern compiled by PCRE2, to machine code where the processor allows. Immutable; many threads may search
/// at once.
class Pcre {
 public:
  enum Flag : std::uint32_t { kCaseless = 1, kMultiline = 2, kDotAll = 4, kAscii = 8 };
  enum class Outcome { kMatch, kNoMatch, kStepLimit, kMemoryLimit, kTimeLimit, kTooLong };

  [[nodiscard]] static Expected<Pcre, PcreError> Compile(std::string_view pattern, std::uint32_t flags);

  /// Is there a match anywhere in `text`, which must be valid UTF-8? After kTimeLimit the pattern should be
  /// left alone.
  [[nodiscard]] Outcome Search(std::string_view text, MatchScratch& scratch) const;

 private:
  struct Free {
    void operator()(void* code) const;
  };
  enum class Engine { kMachineCode, kInterpreter };
  Pcre(void* code, Engine engine) : code_(code), engine_(engine) {}
  [[nodiscard]] int SearchWindow(std::string_view text, std::size_t from, std::size_t window,
                                 MatchScratch::Memory& memory) const;

  std::unique_ptr<void, Free> code_;
  Engine engine_;
};

}  // namespace brood::rules
