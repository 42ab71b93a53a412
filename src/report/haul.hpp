#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/report.hpp"
#include "report/api_tally.hpp"
#include "report/bounded_list.hpp"
#include "report/call_list.hpp"
#include "report/field_table.hpp"
#include "report/limits.hpp"
#include "report/scalar.hpp"

namespace brood::report {

template <class T, class Slot>
using BySlot = std::array<T, static_cast<std::size_t>(Slot::kCount)>;
template <class T, class Slot>
using ByRank = BySlot<std::array<T, kRanks>, Slot>;

/// What was taken out of a report so far, by slot and rank of the field table.
struct Haul {
  explicit Haul(const Limits& limits);
  Haul(const Haul&) = delete;
  Haul& operator=(const Haul&) = delete;

  ListBudget budget;
  ByRank<std::optional<std::string>, TextSlot> texts;
  ByRank<std::optional<Number>, NumberSlot> numbers;
  ByRank<Texts, ListSlot> lists;
  List<model::Signature> signatures;
  List<model::Process> processes;
  List<model::Domain> domains;
  List<model::Connection> tcp, udp;
  List<model::HttpRequest> http;
  List<model::HttpExchange> http_ex, https_ex;
  std::vector<std::pair<std::string, std::optional<std::string>>> options;  ///< no value: it was of no use
  std::vector<std::string> errors;
  CallTally calls;
  StatTally stats;
  CallList call_list;
  std::array<bool, 2> presence{};  ///< of the rows Take::kPresence, by their slot
  bool has_sections = false;       ///< a key of the table was seen at the top level

  [[nodiscard]] Texts& list(ListSlot slot, std::size_t rank) {
    return lists[static_cast<std::size_t>(slot)][rank];
  }
};

}  // namespace brood::report
