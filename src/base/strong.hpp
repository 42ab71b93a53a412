#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace brood {

/// Two values that must not be swapped are two types: `using TaskId = Strong<struct TaskIdTag, std::int64_t>;`
template <class Tag, class T>
class Strong {
 public:
  using Value = T;

  Strong() = default;
  explicit Strong(T value) : value_(std::move(value)) {}

  const T& Get() const { return value_; }
  auto operator<=>(const Strong&) const = default;
  bool operator==(const Strong&) const = default;

 private:
  T value_{};
};

}  // namespace brood

template <class Tag, class T>
struct std::hash<brood::Strong<Tag, T>> {
  std::size_t operator()(const brood::Strong<Tag, T>& id) const { return std::hash<T>{}(id.Get()); }
};
