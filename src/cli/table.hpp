#pragma once

#include <string>
#include <vector>

namespace brood::cli {

/// Columns aligned to their widest cell; the last column is not padded. Cells hold no line breaks; control
/// characters of what came from outside are shown as '?'.
class Table {
 public:
  explicit Table(std::vector<std::string> head) : rows_{std::move(head)} {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] std::string Render() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// Safe to print on a terminal: UTF-8, in which control characters, line separators and the marks that turn the
/// direction of text become '?'.
[[nodiscard]] std::string Printable(std::string_view text);
/// Columns that `text` takes on a terminal, one for each code point.
[[nodiscard]] std::size_t WidthOf(std::string_view text);

/// One line on a terminal that is rewritten as work goes on; nothing where standard error is no terminal.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void Show(std::size_t done, std::size_t all);

 private:
  std::string what_;
  bool terminal_;
  bool shown_ = false;
};

}  // namespace brood::cli
