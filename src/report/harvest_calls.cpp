#include "base/utf8.hpp"
#include "report/harvest.hpp"

namespace brood::report {
namespace {

std::optional<std::int64_t> WholeFromText(const std::optional<std::string>& text) {
  const auto scalar = text ? ScalarFrom(*text) : std::nullopt;
  const auto number = scalar ? NumberFrom(*scalar) : std::nullopt;
  return number ? number->whole : std::nullopt;
}

}  // namespace

void Harvest::ForgetCallPart(const Row& row) {
  CallList& calls = haul_.call_list;
  switch (row.take) {
    case Take::kListedCall:
      return calls.ForgetProcess();
    case Take::kCallText:
      return calls.Text(row).reset();
    case Take::kCallNumber:
      return calls.Number(row).reset();
    case Take::kArgumentName:
      return calls.item().name.clear();
    case Take::kArgumentValue:
      return calls.item().value.clear();
    default:
      return calls.ForgetArguments();
  }
}

bool Harvest::PutCallPart(const Row& row, const Scalar& scalar) {
  if (row.take == Take::kCallNumber) {
    if (scalar.kind != Scalar::Kind::kNull) haul_.call_list.Number(row) = Whole(row, scalar);
    return true;
  }
  auto text = AnyText(row, scalar);
  if (row.take != Take::kCallText) {
    PutArgument(row, std::move(text).value_or(""));
    return true;
  }
  if (text && scalar.kind == Scalar::Kind::kNumber && static_cast<CallSlot>(row.slot) == CallSlot::kStatus) {
    if (*text == "0") text = "false";
    if (*text == "1") text = "true";
  }
  haul_.call_list.Text(row) = std::move(text);
  return true;
}

void Harvest::PutArgument(const Row& row, std::string value) {
  CallList& calls = haul_.call_list;
  if (row.take == Take::kArgumentMember)
    calls.SetMember(std::move(value));
  else if (row.take == Take::kArgumentName)
    calls.item().name = std::move(value);
  else
    calls.item().value = std::move(value);
}

/// Whatever a scalar is, as text; nothing for null.
std::optional<std::string> Harvest::AnyText(const Row& row, const Scalar& scalar) {
  if (scalar.kind == Scalar::Kind::kNull) return std::nullopt;
  if (scalar.kind == Scalar::Kind::kText) return Decode(scalar.text, row.path, limits_.max_field_bytes);
  return MakeUtf8(Fitted(scalar.text, row.path, limits_.max_field_bytes));
}

void Harvest::PutJson(const Node& node, std::string_view json) {
  for (const Row* row : node.rows)
    PutArgument(*row, MakeUtf8(Fitted(json, row->path, limits_.max_field_bytes)));
}

/// The dialects' names for one thing: the first whose value is there.
void Harvest::EndListedProcess() {
  const auto first = [this](Column one, Column other) {
    const auto& text = record_.texts[static_cast<std::size_t>(one)];
    return WholeFromText(text ? text : record_.texts[static_cast<std::size_t>(other)]);
  };
  haul_.call_list.EndProcess({record_.texts[static_cast<std::size_t>(Column::kName)].value_or(""),
                              first(Column::kProcessId, Column::kPid), first(Column::kParentId, Column::kPpid),
                              record_.texts[static_cast<std::size_t>(Column::kFirstSeen)].value_or("")});
}

}  // namespace brood::report
