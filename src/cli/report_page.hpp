#pragma once

#include <string>
#include <string_view>

#include "cli/report_show.hpp"

namespace brood::cli {

/// Lines of a report's summary: made printable, cut to the width, coloured.
class ReportPage {
 public:
  enum class Mood { kPlain, kHeading, kCalm, kWarning, kAlarm };

  explicit ReportPage(const ShowStyle& style) : style_(style) {}

  /// "label       value"; nothing where there is no value.
  void Field(std::string_view label, std::string_view value, Mood mood = Mood::kPlain);
  /// An empty line, then "title (count)".
  void Heading(std::string_view title, std::size_t count);
  /// An indented line: `mark` in its mood, `text` behind it.
  void Line(std::string_view mark, std::string_view text, Mood mood = Mood::kPlain);
  /// "… 17 more".
  void More(std::size_t left_out);

  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  /// One line of two parts, the first coloured.
  void Add(std::string_view first, std::string_view second, Mood mood);

  ShowStyle style_;
  std::string text_;
};

}  // namespace brood::cli
