#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "report/decode.hpp"
#include "report/field_tree.hpp"
#include "report/haul.hpp"
#include "report/limits.hpp"
#include "report/notes.hpp"
#include "report/scalar.hpp"

namespace brood::report {

/// Does what the rows of the field table say with the values that the walker comes by.
class Harvest {
 public:
  Harvest(const Limits& limits, Notes& notes) : limits_(limits), notes_(notes), haul_(limits) {}

  /// The key of `node` was read: whatever an equal key gave before no longer counts.
  void Key(const Node& node, std::string_view key);
  /// An object or list that is due there opens; `index` is its own in the list around it.
  void Begin(const Node& node, std::uint64_t index);
  void End(const Node& node);  ///< and closes
  void Put(const Node& node, const Scalar& scalar);
  /// An object or list that is not due there.
  void PutContainer(const Node& node);
  /// The same of a node that takes it as its JSON.
  void PutJson(const Node& node, std::string_view json);
  /// The text of a string as written, repaired where need be, cut at `max_bytes`.
  [[nodiscard]] std::string Decode(std::string_view raw, std::string_view path, std::size_t max_bytes);

  /// One more call would be listed.
  [[nodiscard]] bool WantsCalls() const { return haul_.call_list.WantsCalls(); }
  [[nodiscard]] Haul& haul() { return haul_; }

 private:
  struct Record {
    BySlot<std::optional<std::string>, Column> texts;
    std::int64_t number = 0;
    [[nodiscard]] std::string Take(Column column);
  };

  void Forget(const Row& row);
  void ForgetRecords(RecordSlot slot);
  void PushRecord(const Row& row);
  /// False where the row has no use for a scalar at all.
  bool PutRow(const Row& row, const Scalar& scalar);
  void PutItem(const Row& row, const Scalar& scalar);
  void PutText(Texts& list, std::string_view raw, std::string_view path);
  void PutNumber(const Row& row, const Scalar& scalar);
  void PutDate(const Row& row, const Scalar& scalar);
  void BeginOption(std::string_view key);
  void PutOption(const Row& row, const Scalar& scalar);
  void PutError(const Row& row, const Scalar& scalar);
  void PutCallName(const Row& row, const Scalar& scalar);
  void PutStat(const Row& row, const Scalar& scalar);
  void ForgetCallPart(const Row& row);
  bool PutCallPart(const Row& row, const Scalar& scalar);
  void PutArgument(const Row& row, std::string value);
  void EndListedProcess();
  std::optional<std::string> AnyText(const Row& row, const Scalar& scalar);
  std::optional<std::int64_t> Whole(const Row& row, const Scalar& scalar);
  std::optional<std::string> Text(const Row& row, const Scalar& scalar, std::size_t max_bytes);
  std::string_view Fitted(std::string_view raw, std::string_view path, std::size_t max_bytes);
  void NoteRepairs(const Repairs& repairs, std::string_view path);
  void WrongType(std::string_view path, const Scalar& scalar);

  Limits limits_;
  Notes& notes_;
  Haul haul_;
  Record record_;
  std::optional<std::size_t> option_;  ///< the option in hand, if there was room for it
  std::size_t option_bytes_ = 0;
};

}  // namespace brood::report
