#include "cli/report_page.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/table.hpp"

namespace brood::cli {
namespace {

constexpr std::size_t kLabelWidth = 12;

std::string_view Code(ReportPage::Mood mood) {
  switch (mood) {
    case ReportPage::Mood::kHeading:
      return "\x1b[1m";
    case ReportPage::Mood::kCalm:
      return "\x1b[32m";
    case ReportPage::Mood::kWarning:
      return "\x1b[33m";
    case ReportPage::Mood::kAlarm:
      return "\x1b[31m";
    case ReportPage::Mood::kPlain:
      break;
  }
  return "";
}

/// Printable, and at most `width` columns: "…" stands for what is cut.
std::string Cut(std::string_view text, std::size_t width) {
  // A character has four bytes at most: no need to look at megabytes.
  const std::string printable = Printable(text.substr(0, 4 * (width + 1)));
  if (WidthOf(printable) <= width) return printable;
  std::string cut;
  std::string_view rest = printable;
  for (std::size_t left = width; left > 1; --left) {
    const auto character = rest.substr(0, Utf8CharacterLength(rest));
    cut += character;
    rest.remove_prefix(character.size());
  }
  return width == 0 ? cut : cut + "…";
}

}  // namespace

void ReportPage::Field(std::string_view label, std::string_view value, Mood mood) {
  if (value.empty()) return;
  text_ += fmt::format("{:<{}}", label, kLabelWidth);
  Add(Cut(value, style_.width - std::min(style_.width, kLabelWidth)), "", mood);
}

void ReportPage::Heading(std::string_view title, std::size_t count) {
  text_ += '\n';
  Add(Cut(fmt::format("{} ({})", title, count), style_.width), "", Mood::kHeading);
}

void ReportPage::Line(std::string_view mark, std::string_view text, Mood mood) {
  const std::string first = Cut("  " + std::string(mark), style_.width);
  const std::size_t left = style_.width - WidthOf(first);
  const std::string second = text.empty() || left < 2 ? "" : " " + Cut(text, left - 1);
  Add(first, second, mood);
}

void ReportPage::More(std::size_t left_out) {
  if (left_out > 0) Line(fmt::format("… {} more", left_out), "");
}

void ReportPage::Add(std::string_view first, std::string_view second, Mood mood) {
  const bool coloured = style_.colour == Colour::kAnsi && mood != Mood::kPlain;
  if (coloured) text_ += Code(mood);
  text_ += first;
  if (coloured) text_ += "\x1b[0m";
  text_ += second;
  text_ += '\n';
}

}  // namespace brood::cli
