#include "report/field_tree.hpp"

#include <algorithm>

namespace brood::report {
namespace {

/// Takes the next step off `rest`: "[]", "[0]", "*" or a key.
std::string_view NextStep(std::string_view& rest) {
  if (rest.starts_with('.')) rest.remove_prefix(1);
  const std::size_t end = rest.starts_with('[') ? rest.find(']') + 1 : rest.find_first_of(".[");
  const std::string_view step = rest.substr(0, end);
  rest.remove_prefix(step.size());
  return step;
}

std::unique_ptr<Node>& Place(Node& node, std::string_view step) {
  if (step == "[]") return node.each;
  if (step == "[0]") return node.first;
  if (step == "*") return node.any;
  const auto same = [&](const auto& member) { return member.first == step; };
  const auto found = std::find_if(node.members.begin(), node.members.end(), same);
  return found != node.members.end() ? found->second : node.members.emplace_back(step, nullptr).second;
}

void Insert(Node& root, const Row& row) {
  Node* node = &root;
  for (std::string_view rest = row.path; !rest.empty();) {
    std::unique_ptr<Node>& next = Place(*node, NextStep(rest));
    if (!next) {
      next = std::make_unique<Node>();
      next->path = row.path.substr(0, row.path.size() - rest.size());
    }
    node = next.get();
    node->beneath.push_back(&row);
  }
  node->rows.push_back(&row);
  node->raw = node->raw || row.take == Take::kArgumentValue || row.take == Take::kArgumentMember;
}

void MarkCalls(Node& node) {
  if (node.RowFor(Take::kCall) != nullptr && node.members.size() == 1)  // else they are listed
    node.only_key = node.members.front().first;
  for (const auto& [key, member] : node.members) MarkCalls(*member);
  if (node.each) MarkCalls(*node.each);
}

Node Build(std::span<const Row> more) {
  Node root;
  for (const Row& row : FieldTable()) Insert(root, row);
  for (const Row& row : more) Insert(root, row);
  MarkCalls(root);
  return root;
}

Node& CallsOf(Node& root) {
  Node* node = &root;
  for (const std::string_view step : {"behavior", "processes", "[]", "calls", "[]"})
    node = Place(*node, step).get();
  return *node;
}

struct Trees {
  Node counted = Build({}), listed = Build(CallTable());
  Trees() { CallsOf(listed).lean = &CallsOf(counted); }
};

}  // namespace

const Row* Node::RowFor(Take take) const {
  for (const Row* row : rows) {
    if (row->take == take) return row;
  }
  return nullptr;
}

const Node* Node::Member(std::string_view key) const {
  for (const auto& [name, member] : members) {
    if (name == key) return member.get();
  }
  return any.get();
}

const Node& FieldTree(Calls calls) {
  static const Trees trees;
  return calls == Calls::kListed ? trees.listed : trees.counted;
}

}  // namespace brood::report
