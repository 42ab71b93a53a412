#include <fmt/format.h>

#include <type_traits>

#include "model/report_fields.hpp"
#include "report/assemble.hpp"
#include "report/bounded_list.hpp"

namespace brood::report {
namespace {

template <class T>
constexpr bool kIsList = false;
template <class T>
constexpr bool kIsList<std::vector<T>> = true;

/// Calls visit(name, list) for each list but the notes.
void EachList(model::Report& report, const auto& visit) {
  model::EachField(report, [&](std::string_view name, auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (kIsList<Member> && !std::is_same_v<Member, std::vector<model::ParseNote>>)
      visit(name, member);
  });
}

std::size_t CostOf(const auto& list) {
  std::size_t cost = 0;
  for (const auto& item : list) cost += JsonCost(item);
  return cost;
}

/// What stands around the lists: keys, single fields, the notes and those that cutting adds.
std::size_t FixedCost(const model::Report& report) {
  constexpr std::size_t kKeysNumbersAndNewNotes = 8192;
  std::size_t cost = kKeysNumbersAndNewNotes + JsonCost(report.machine_info) + CostOf(report.parse_notes);
  model::EachField(report, [&](std::string_view, const auto& member) {
    if constexpr (std::is_same_v<decltype(member), const std::string&>) cost += JsonCost(member);
  });
  return cost;
}

}  // namespace

void FitDocument(model::Report& report, std::size_t max_bytes) {
  std::vector<std::size_t> sizes;
  std::size_t total = FixedCost(report);
  const std::size_t room = max_bytes - std::min(max_bytes, total);
  EachList(report, [&](std::string_view, const auto& list) { total += sizes.emplace_back(CostOf(list)); });
  if (total <= max_bytes) return;
  const std::size_t level = CommonLevel(sizes, room);
  auto size = sizes.begin();
  EachList(report, [&](std::string_view name, auto& list) {
    const std::size_t before = list.size();
    for (; *size > level; list.pop_back()) *size -= JsonCost(list.back());
    ++size;
    if (list.size() == before) return;
    report.parse_notes.push_back({std::string(name),
                                  fmt::format("cut: the document would exceed {} bytes", max_bytes),
                                  static_cast<std::int64_t>(before - list.size())});
  });
}

}  // namespace brood::report
