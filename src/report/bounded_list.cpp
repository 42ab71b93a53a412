#include "report/bounded_list.hpp"

#include <algorithm>

#include "model/json_string.hpp"

namespace brood::report {

std::size_t JsonCost(std::string_view text) {
  return model::EscapedSize(text) + 3;  // quotes and a comma
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
  if (bytes_ > max_bytes_ && !exact_) CountExactly();
  if (bytes_ > max_bytes_) CutLongest();
}

std::size_t ListBudget::CostOf(std::string_view text) const {
  return exact_ ? JsonCost(text) : JsonCost("") + model::kWorstEscape * text.size();
}

std::size_t ListBudget::held_bytes() const {
  std::size_t bytes = 0;
  for (const BoundedList* list : lists_) bytes += list->held_bytes();
  return bytes;
}

void ListBudget::CountExactly() {
  exact_ = true;
  for (BoundedList* list : lists_) list->CountAgain();
}

void ListBudget::CutLongest() {
  std::vector<std::size_t> sizes;
  for (const BoundedList* list : lists_) sizes.push_back(list->bytes());
  // A little below the limit: the next cut is then a sixteenth of it away, not one item.
  const std::size_t level = CommonLevel(sizes, max_bytes_ - max_bytes_ / 16);
  for (BoundedList* list : lists_) list->CutTo(level);
}

bool BoundedList::Comes(std::string_view path, std::size_t items) {
  path_ = path;
  present_ = true;
  if (closed_)
    ++over_bytes_;
  else if (items >= budget_->max_items())
    ++over_items_;
  else
    return true;
  return false;
}

void BoundedList::Kept(std::size_t bytes) {
  bytes_ += bytes;
  budget_->Grew(bytes);
}

void BoundedList::Recounted(std::size_t bytes) {
  budget_->Shrank(bytes_ - bytes);
  bytes_ = bytes;
}

void BoundedList::Cut(std::size_t bytes, std::size_t items) {
  closed_ = true;
  bytes_ -= bytes;
  budget_->Shrank(bytes);
  over_bytes_ += static_cast<std::int64_t>(items);
}

void BoundedList::Reset() {
  budget_->Shrank(bytes_);
  bytes_ = 0;
  present_ = closed_ = false;
  over_items_ = over_bytes_ = 0;
}

void Texts::Commit(std::size_t size, std::string_view path) {
  if (!Comes(path, items_.size())) return;
  const std::string_view text = items_.Commit(size);
  Kept(budget().CostOf(text));
}

void Texts::Push(std::string_view text, std::string_view path) {
  std::copy(text.begin(), text.end(), items_.Prepare(text.size()));
  Commit(text.size(), path);
}

void Texts::CountAgain() {
  std::size_t bytes = 0;
  for (const std::string_view text : items_) bytes += budget().CostOf(text);
  Recounted(bytes);
}

void Texts::CutTo(std::size_t max_bytes) {
  if (bytes() <= max_bytes) return;
  std::size_t kept_bytes = 0, kept = 0;
  for (const std::string_view text : items_) {
    const std::size_t cost = JsonCost(text);
    if (kept_bytes + cost > max_bytes) break;
    kept_bytes += cost;
    ++kept;
  }
  Cut(bytes() - kept_bytes, items_.size() - kept);
  items_.CutTo(kept);
}

void Texts::Forget() {
  items_.clear();
  Reset();
}

}  // namespace brood::report
