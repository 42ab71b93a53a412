#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/text_matcher.hpp"

namespace brood::rules::testing {

/// Patterns as rule sets have them, 48 in 100 wildcards, 18 exact texts, the rest regular expressions of every
/// kind that the two engines might see differently; one in five without regard to case. Each compiles. Ids
/// count from 0. The same seed gives the same patterns, and the first of many are those of few.
[[nodiscard]] std::vector<TextPattern> MadeUpPatterns(std::uint64_t seed, std::size_t amount);

/// Texts as reports have them: paths, registry keys, command lines, URLs, names, some of them not ASCII; some
/// sixty bytes in the mean. Made of the same words as the patterns, so that some match.
[[nodiscard]] std::vector<std::string> MadeUpTexts(std::uint64_t seed, std::size_t amount);

}  // namespace brood::rules::testing
