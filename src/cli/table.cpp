#include "cli/table.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace brood::cli {

namespace {

/// Characters that command a terminal or turn the order of what is read: C0, DEL, C1, and the marks by which
/// "fdp.exe" is shown as "exe.pdf".
bool IsControl(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  if (character.size() != 3 || byte(0) != 0xE2) return false;
  if (byte(1) == 0x80) return (byte(2) >= 0xA8 && byte(2) <= 0xAE) || byte(2) == 0x8E || byte(2) == 0x8F;
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
}

}  // namespace

std::string Printable(std::string_view text) {
  const std::string utf8 = MakeUtf8(text);
  std::string out;
  for (std::string_view rest = utf8; !rest.empty();) {
    const auto character = rest.substr(0, std::max<std::size_t>(Utf8CharacterLength(rest), 1));
    if (IsControl(character))
      out += '?';
    else
      out += character;
    rest.remove_prefix(character.size());
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
