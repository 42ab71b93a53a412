#include <fmt/format.h>

#include <type_traits>

#include "model/json_string.hpp"
#include "model/report_fields.hpp"
#include "report/assemble.hpp"
#include "report/bounded_list.hpp"

namespace brood::report {
namespace {

template <class T>
constexpr bool kIsList = false;
template <class T>
constexpr bool kIsList<std::vector<T>> = true;
template <>
constexpr bool kIsList<model::TextList> = true;

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

std::size_t MostCost(const auto& list) { return CostOf(list); }
/// Without looking at the texts.
std::size_t MostCost(const model::TextList& texts) {
  return model::kWorstEscape * texts.text_bytes() + JsonCost("") * texts.size();
}

/// Leaves a front of the list that costs no more than `level`.
void Cut(auto& list, std::size_t level) {
  std::size_t cost = 0, kept = 0;
  for (const auto& item : list) {
    cost += JsonCost(item);
    if (cost > level) break;
    ++kept;
  }
  if constexpr (requires { list.CutTo(kept); })
    list.CutTo(kept);
  else
    list.resize(kept);
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
  const std::size_t fixed = FixedCost(report);
  std::size_t most = fixed;
  EachList(report, [&](std::string_view, const auto& list) { most += MostCost(list); });
  if (most <= max_bytes) return;
  std::vector<std::size_t> sizes;
  std::size_t total = fixed;
  EachList(report, [&](std::string_view, const auto& list) { total += sizes.emplace_back(CostOf(list)); });
  if (total <= max_bytes) return;
  const std::size_t level = CommonLevel(sizes, max_bytes - std::min(max_bytes, fixed));
  auto size = sizes.begin();
  EachList(report, [&](std::string_view name, auto& list) {
    if (*size++ <= level) return;
    const std::size_t before = list.size();
    Cut(list, level);
    report.parse_notes.push_back({std::string(name),
                                  fmt::format("cut: the document would exceed {} bytes", max_bytes),
                                  static_cast<std::int64_t>(before - list.size())});
  });
}

}  // namespace brood::report
