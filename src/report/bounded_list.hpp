#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/report_fields.hpp"
#include "model/text_list.hpp"

namespace brood::report {

/// Upper bounds of what a value takes in the stored JSON document, its comma included.
[[nodiscard]] std::size_t JsonCost(std::string_view text);
[[nodiscard]] inline std::size_t JsonCost(std::int64_t) { return 21; }
template <class T>
[[nodiscard]] std::size_t JsonCost(const T& described) requires requires {
  model::EachField(described, [](std::string_view, const auto&) {});
}
{
  std::size_t cost = 3;
  model::EachField(
      described, [&](std::string_view key, const auto& member) { cost += key.size() + 3 + JsonCost(member); });
  return cost;
}

/// The length that lists of these sizes may have at most so that together they take `total`: the longest pay
/// first.
[[nodiscard]] std::size_t CommonLevel(std::span<const std::size_t> sizes, std::size_t total);

class BoundedList;

/// Keeps all lists of a report together within `max_bytes` while they are filled. Few reports come near it, so
/// texts count at first as if each byte needed an escape; exactly only once that would be too much.
class ListBudget {
 public:
  ListBudget(std::size_t max_bytes, std::size_t max_items) : max_bytes_(max_bytes), max_items_(max_items) {}
  void Add(BoundedList& list) { lists_.push_back(&list); }
  void Grew(std::size_t bytes);
  void Shrank(std::size_t bytes) { bytes_ -= bytes; }
  [[nodiscard]] std::size_t max_items() const { return max_items_; }
  [[nodiscard]] std::size_t CostOf(std::string_view text) const;
  [[nodiscard]] const std::vector<BoundedList*>& lists() const { return lists_; }
  [[nodiscard]] std::size_t held_bytes() const;  ///< of memory, about, in all lists

 private:
  void CountExactly();
  void CutLongest();

  std::size_t max_bytes_, max_items_, bytes_ = 0;
  bool exact_ = false;
  std::vector<BoundedList*> lists_;
};

/// One list under a budget. A list that was cut stays closed, so that it holds a front of what the report had.
class BoundedList {
 public:
  virtual ~BoundedList() = default;
  virtual void CutTo(std::size_t max_bytes) = 0;
  /// Of memory, about. What a text costs in the document is an upper bound of it.
  [[nodiscard]] virtual std::size_t held_bytes() const { return bytes_; }
  /// The budget's way to count texts has changed.
  virtual void CountAgain() {}

  void Bind(ListBudget& budget) {
    budget_ = &budget;
    budget.Add(*this);
  }
  /// The list is there, with nothing in it so far.
  void Open() { present_ = true; }
  [[nodiscard]] bool present() const { return present_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::int64_t over_items() const { return over_items_; }  ///< left out: too many
  [[nodiscard]] std::int64_t over_bytes() const { return over_bytes_; }  ///< left out: too long
  [[nodiscard]] std::string_view path() const { return path_; }

 protected:
  /// One more item comes, from `path` (of the field table), behind `items` others. Whether it may be kept.
  bool Comes(std::string_view path, std::size_t items);
  void Kept(std::size_t bytes);
  void Recounted(std::size_t bytes);
  [[nodiscard]] const ListBudget& budget() const { return *budget_; }
  /// Items at the end, of that many bytes, are left out after all.
  void Cut(std::size_t bytes, std::size_t items);
  void Reset();

 private:
  ListBudget* budget_ = nullptr;
  std::size_t bytes_ = 0;
  bool present_ = false, closed_ = false;
  std::int64_t over_items_ = 0, over_bytes_ = 0;
  std::string_view path_;
};

template <class T>
class List final : public BoundedList {
 public:
  void Push(T item, std::string_view path) {
    if (!Comes(path, items_.size())) return;
    const std::size_t cost = JsonCost(item);
    items_.push_back(std::move(item));
    Kept(cost);
  }

  void CutTo(std::size_t max_bytes) override {
    for (; bytes() > max_bytes; items_.pop_back()) Cut(JsonCost(items_.back()), 1);
  }

  void Forget() {
    items_.clear();
    Reset();
  }

  [[nodiscard]] const std::vector<T>& items() const { return items_; }
  [[nodiscard]] std::vector<T> Take() { return std::move(items_); }

 private:
  std::vector<T> items_;
};

/// A list of texts.
class Texts final : public BoundedList {
 public:
  /// The text that was prepared in items() and has `size` bytes there.
  void Commit(std::size_t size, std::string_view path);
  void Push(std::string_view text, std::string_view path);
  void CutTo(std::size_t max_bytes) override;
  [[nodiscard]] std::size_t held_bytes() const override { return items_.text_bytes() + 2 * items_.size(); }
  void CountAgain() override;
  void Forget();

  [[nodiscard]] model::TextList& items() { return items_; }
  [[nodiscard]] model::TextList Take() { return std::move(items_); }

 private:
  model::TextList items_;
};

}  // namespace brood::report
