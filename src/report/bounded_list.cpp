#include "report/bounded_list.hpp"

#include <algorithm>

namespace brood::report {

std::size_t JsonCost(const std::string& text) {
  std::size_t cost = text.size() + 3;  // quotes and a comma
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20)
      cost += 5;
    else if (c == '"' || c == '\\')
      cost += 1;
  }
  return cost;
}

std::size_t CommonLevel(std::span<const std::size_t> sizes, std::size_t total) {
  std::size_t low = 0, high = total;
  while (low < high) {
    const std::size_t level = high - (high - low) / 2;
    std::size_t sum = 0;
    for (const std::size_t size : sizes) sum += std::min(size, level);
    if (sum <= total)
      low = level;
    else
      high = level - 1;
  }
  return low;
}

void ListBudget::Grew(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > max_bytes_) CutLongest();
}

void ListBudget::CutLongest() {
  std::vector<std::size_t> sizes;
  for (const BoundedList* list : lists_) sizes.push_back(list->bytes());
  // A little below the limit: the next cut is then a sixteenth of it away, not one item.
  const std::size_t level = CommonLevel(sizes, max_bytes_ - max_bytes_ / 16);
  for (BoundedList* list : lists_) list->CutTo(level);
}

}  // namespace brood::report
