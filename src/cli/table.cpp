#include "cli/table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace brood::cli {

std::string Printable(std::string_view text) {
  std::string out = MakeUtf8(text);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = '?';
  }
  return out;
}

std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string Table::Render() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(Printable(row[i])));
  }
  std::string out;
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = Printable(row[i]);
      out += cell;
      if (i + 1 < row.size()) out += std::string(widths[i] - WidthOf(cell) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::Show(std::size_t done, std::size_t all) {
  if (!terminal_) return;
  shown_ = true;
  fmt::print(stderr, "\r{} {} of {}\x1b[K", what_, done, all);
  std::fflush(stderr);
}

}  // namespace brood::cli
