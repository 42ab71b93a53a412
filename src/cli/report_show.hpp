#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "report/reader.hpp"

namespace brood::cli {

enum class Colour : std::uint8_t { kNone, kAnsi };

struct ShowStyle {
  std::size_t width = 80;  ///< no line is longer
  Colour colour = Colour::kNone;
};

/// A report for a person: whose it is, what it scored, what the sample did. Long lists show their first few.
/// Texts of the report cannot command the terminal.
[[nodiscard]] std::string ShowReport(const report::ReadResult& read, const ShowStyle& style);

/// Standard output's: its width and whether it takes colours, which the environment's NO_COLOR forbids.
[[nodiscard]] ShowStyle TerminalStyle();

}  // namespace brood::cli
