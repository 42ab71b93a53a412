#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/report_fields.hpp"

namespace brood::report {

/// Upper bounds of what a value takes in the stored JSON document, its comma included.
[[nodiscard]] std::size_t JsonCost(const std::string& text);
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

/// Keeps all lists of a report together within `max_bytes` while they are filled.
class ListBudget {
 public:
  ListBudget(std::size_t max_bytes, std::size_t max_items) : max_bytes_(max_bytes), max_items_(max_items) {}
  void Add(BoundedList& list) { lists_.push_back(&list); }
  void Grew(std::size_t bytes);
  void Shrank(std::size_t bytes) { bytes_ -= bytes; }
  [[nodiscard]] std::size_t max_items() const { return max_items_; }
  [[nodiscard]] const std::vector<BoundedList*>& lists() const { return lists_; }

 private:
  void CutLongest();

  std::size_t max_bytes_, max_items_, bytes_ = 0;
  std::vector<BoundedList*> lists_;
};

/// One list under a budget. A list that was cut stays closed, so that it holds a front of what the report had.
class BoundedList {
 public:
  virtual ~BoundedList() = default;
  virtual void CutTo(std::size_t max_bytes) = 0;

  void Bind(ListBudget& budget) {
    budget_ = &budget;
    budget.Add(*this);
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::int64_t over_items() const { return over_items_; }  ///< left out: too many
  [[nodiscard]] std::int64_t over_bytes() const { return over_bytes_; }  ///< left out: too long
  [[nodiscard]] std::string_view path() const { return path_; }

 protected:
  ListBudget* budget_ = nullptr;
  std::size_t bytes_ = 0;
  bool closed_ = false;
  std::int64_t over_items_ = 0, over_bytes_ = 0;
  std::string_view path_;
};

template <class T>
class List : public BoundedList {
 public:
  /// `path` (of the field table) is where the item stood.
  void Push(T item, std::string_view path) {
    path_ = path;
    present_ = true;
    if (closed_) {
      ++over_bytes_;
    } else if (items_.size() >= budget_->max_items()) {
      ++over_items_;
    } else {
      const std::size_t cost = JsonCost(item);
      items_.push_back(std::move(item));
      bytes_ += cost;
      budget_->Grew(cost);
    }
  }

  void CutTo(std::size_t max_bytes) override {
    closed_ = closed_ || bytes_ > max_bytes;
    while (bytes_ > max_bytes) {
      Shrink(JsonCost(items_.back()));
      items_.pop_back();
      ++over_bytes_;
    }
  }

  /// The list is there, with nothing in it so far.
  void Open() { present_ = true; }
  [[nodiscard]] bool present() const { return present_; }

  void Forget() {
    Shrink(bytes_);
    items_.clear();
    present_ = closed_ = false;
    over_items_ = over_bytes_ = 0;
  }

  [[nodiscard]] const std::vector<T>& items() const { return items_; }
  [[nodiscard]] std::vector<T> Take() { return std::move(items_); }

 private:
  void Shrink(std::size_t bytes) {
    bytes_ -= bytes;
    budget_->Shrank(bytes);
  }

  std::vector<T> items_;
  bool present_ = false;
};

}  // namespace brood::report
