#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "report/field_table.hpp"

namespace brood::report {

/// The field table as a tree: one node for each place in a report that leads to something wanted.
struct Node {
  std::string_view path;            ///< from the report's root
  std::vector<const Row*> rows;     ///< what is done with the value here
  std::vector<const Row*> beneath;  ///< rows here and below: forgotten when the key comes a second time
  std::vector<std::pair<std::string_view, std::unique_ptr<Node>>> members;
  std::unique_ptr<Node> any;    ///< for keys not among the members
  std::unique_ptr<Node> each;   ///< items of a list
  std::unique_ptr<Node> first;  ///< item 0 of a list, where the others do not matter
  const Node* lean = nullptr;   ///< set for listed calls: what is read of one once the list is full
  bool raw = false;             ///< a list or an object is wanted as its JSON
  std::string_view only_key;    ///< set where members are many and nothing but this key is wanted: calls

  [[nodiscard]] const Row* RowFor(Take take) const;
  [[nodiscard]] const Node* Member(std::string_view key) const;
  [[nodiscard]] const Node* Item(std::uint64_t index) const {
    return first && index == 0 ? first.get() : each.get();
  }
  [[nodiscard]] bool TakesObject() const { return !members.empty() || any != nullptr; }
  [[nodiscard]] bool TakesList() const { return each != nullptr || first != nullptr; }
  [[nodiscard]] bool IsWildcard() const { return path.ends_with('*'); }
};

enum class Calls : std::uint8_t { kCounted, kListed };

/// Built once, then only read: safe for any number of readers on any thread.
[[nodiscard]] const Node& FieldTree(Calls calls);

}  // namespace brood::report
