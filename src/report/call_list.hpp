#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/report_details.hpp"
#include "report/field_table.hpp"
#include "report/limits.hpp"

namespace brood::report {

/// The first calls of a report, in its order, and its processes. Within Limits::max_calls and, each of the two
/// lists, max_detail_bytes: what does not fit ends its list, so that it is a front of what the report has.
class CallList {
 public:
  explicit CallList(const Limits& limits)
      : max_calls_(limits.max_calls),
        max_bytes_(limits.max_detail_bytes),
        call_room_(limits.max_detail_bytes),
        process_room_(limits.max_detail_bytes) {}

  /// There is room for a call more.
  [[nodiscard]] bool WantsCalls() const {
    return calls_.size() < max_calls_ && !closed_by_ && !processes_closed_;
  }

  // The call in hand: a call without a name is none.
  void BeginCall(std::uint64_t position);
  void SetName(std::string_view name) { api_ = name; }
  void ForgetName() { api_.clear(); }
  std::optional<std::string>& Text(const Row& row) { return texts_[row.slot][row.rank]; }
  std::optional<std::int64_t>& Number(const Row& row) { return numbers_[row.slot]; }
  void EndCall();

  // Its arguments: items of a list, or members of an object, where equal names replace each other.
  void BeginItem() { item_ = {}; }
  model::CallArgument& item() { return item_; }
  /// False where there are too many.
  bool EndItem();
  bool BeginMember(std::string_view name);
  void SetMember(std::string value);
  void ForgetArguments();

  /// Takes back the calls of the process in hand.
  void ForgetProcess();
  void EndProcess(model::SeenProcess process);
  void ForgetAll();

  /// Something was left out because of max_detail_bytes.
  [[nodiscard]] bool over_bytes() const { return closed_by_.has_value() || processes_closed_; }
  [[nodiscard]] std::size_t held_bytes() const { return 2 * max_bytes_ - call_room_ - process_room_; }
  [[nodiscard]] std::vector<model::SeenCall> TakeCalls() { return std::move(calls_); }
  [[nodiscard]] std::vector<model::SeenProcess> TakeProcesses() { return std::move(processes_); }

 private:
  model::SeenCall CallInHand();
  std::string TextOf(CallSlot slot);

  std::size_t max_calls_, max_bytes_, call_room_, process_room_;
  std::vector<model::SeenCall> calls_;
  std::vector<model::SeenProcess> processes_;
  std::size_t first_of_process_ = 0;      ///< in calls_, of the process in hand
  std::optional<std::size_t> closed_by_;  ///< the process at which there was no more room for a call
  bool processes_closed_ = false;

  std::uint64_t position_ = 0;
  std::string api_;
  std::array<std::array<std::optional<std::string>, kRanks>, static_cast<std::size_t>(CallSlot::kCount)> texts_;
  std::array<std::optional<std::int64_t>, static_cast<std::size_t>(CallNumber::kCount)> numbers_;
  std::vector<model::CallArgument> arguments_;
  model::CallArgument item_;
  std::optional<std::size_t> member_;  ///< of arguments_
};

}  // namespace brood::report
