#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/report.hpp"

namespace brood::report {

/// What could not be read, counted by place and kind. Places come from the field table, so their number is
/// bounded whatever the report holds.
class Notes {
 public:
  /// Both texts must live as long as the Notes: rows of the table and literals.
  void Add(std::string_view path, std::string_view what, std::int64_t times = 1);
  /// In the order of first appearance. The Notes are empty afterwards.
  [[nodiscard]] std::vector<model::ParseNote> Take();

 private:
  struct Entry {
    std::string_view path, what;
    std::int64_t times;
  };
  std::vector<Entry> entries_;
};

}  // namespace brood::report
