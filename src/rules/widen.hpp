#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/hyperscan.hpp"

namespace brood::rules {

/// The texts that are searched for a pattern. Nearly all are of ASCII alone, which takes less.
enum class Texts { kAny, kAscii };

/// What Hyperscan is to look for in place of a pattern.
struct WideExpression {
  ScanExpression expression;
  /// kSame: it matches exactly the texts that the pattern matches. kMore: it matches those and maybe others, so
  /// that what it finds is to be confirmed. kNever: the pattern matches no such text; there is no expression.
  enum class Matches { kSame, kMore, kNever } matches = Matches::kSame;
};

/// A pattern as fnmatch and python_regex write them for PCRE2 (Pcre::Flag in `flags`) as one that Hyperscan
/// takes more often than not. Whatever the two see differently becomes something that matches at least as much:
/// - Hyperscan's tables are of an older Unicode: outside of ASCII, classes match any character, and a letter of
/// either
///   case is a set of the cases that PCRE2 knows;
/// - word boundaries, and `^` and `$` at lines, are left out;
/// - a back-reference is any text; atomic groups and possessive repeats give back;
/// - a large repeat is one of any length;
/// - look-around and conditions stay, for Hyperscan to leave out (ScanExpression::kPrefilter).
///
/// In texts of ASCII alone, a character is a byte: classes, letters of either case and word boundaries are the
/// same for both, and what is beyond ASCII is a byte that no such text has.
[[nodiscard]] WideExpression Widen(std::string_view pattern, std::uint32_t flags, Texts texts = Texts::kAny);

}  // namespace brood::rules
