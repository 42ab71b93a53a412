#include <algorithm>

#include "base/text.hpp"
#include "report/date.hpp"
#include "report/harvest.hpp"

namespace brood::report {
namespace {

constexpr std::size_t kMaxErrors = 20, kMaxErrorBytes = 1024, kMaxOptions = 256;

}  // namespace

void Harvest::Put(const Node& node, const Scalar& scalar) {
  bool taken = false;
  for (const Row* row : node.rows) taken = PutRow(*row, scalar) || taken;
  if (!taken) WrongType(node.path, scalar);
}

bool Harvest::PutRow(const Row& row, const Scalar& scalar) {
  switch (row.take) {
    case Take::kText:
      haul_.texts[row.slot][row.rank] = Text(row, scalar, limits_.max_field_bytes);
      return true;
    case Take::kAnyText:
      haul_.texts[row.slot][row.rank] = AnyText(row, scalar);
      return true;
    case Take::kDate:
      PutDate(row, scalar);
      return true;
    case Take::kNumber:
      PutNumber(row, scalar);
      return true;
    case Take::kTexts:
      PutItem(row, scalar);
      return true;
    case Take::kColumn:
      record_.texts[row.slot] = Text(row, scalar, limits_.max_token_bytes);
      return true;
    case Take::kColumnNumber:
      record_.number = Whole(row, scalar).value_or(0);
      return true;
    case Take::kError:
      PutError(row, scalar);
      return true;
    case Take::kOption:
      PutOption(row, scalar);
      return true;
    case Take::kCallName:
      PutCallName(row, scalar);
      return true;
    case Take::kStat:
      PutStat(row, scalar);
      return true;
    case Take::kPresence:
      haul_.presence[row.slot] = true;
      return true;
    case Take::kCallText:
    case Take::kCallNumber:
    case Take::kArgumentName:
    case Take::kArgumentValue:
    case Take::kArgumentMember:
      return PutCallPart(row, scalar);
    case Take::kRecord:
    case Take::kCall:
    case Take::kStats:
    case Take::kStatsProcess:
    case Take::kListedCall:
    case Take::kArgument:
      return false;
  }
  return false;
}

void Harvest::PutItem(const Row& row, const Scalar& scalar) {
  Texts& list = haul_.lists[row.slot][row.rank];
  if (scalar.kind == Scalar::Kind::kNumber)
    list.Push(scalar.text.substr(0, limits_.max_token_bytes), row.path);
  else if (scalar.kind != Scalar::Kind::kText)
    WrongType(row.path, scalar);
  else
    PutText(list, scalar.text, row.path);
}

/// Decoded where it will lie.
void Harvest::PutText(Texts& list, std::string_view raw, std::string_view path) {
  Repairs repairs;
  const std::size_t size = DecodeInto(list.items(), Fitted(raw, path, limits_.max_token_bytes), repairs);
  NoteRepairs(repairs, path);
  list.Commit(size, path);
}

void Harvest::PutNumber(const Row& row, const Scalar& scalar) {
  auto& number = haul_.numbers[row.slot][row.rank];
  number = NumberFrom(scalar);
  if (scalar.kind != Scalar::Kind::kNumber) return WrongType(row.path, scalar);
  const bool fits = number && (number->whole || static_cast<NumberSlot>(row.slot) == NumberSlot::kScore);
  if (fits) return;
  notes_.Add(row.path, "number out of range");
  number.reset();
}

void Harvest::PutDate(const Row& row, const Scalar& scalar) {
  auto& date = haul_.texts[row.slot][row.rank];
  date.reset();
  if (const auto number = NumberFrom(scalar)) {
    date = DateFromEpoch(number->value);
  } else {
    const auto text = Text(row, scalar, limits_.max_field_bytes);
    if (!text || text->empty()) return;
    date = DateFromText(*text);
  }
  if (!date) notes_.Add(row.path, "no date");
}

void Harvest::BeginOption(std::string_view key) {
  const auto same = [&](const auto& option) { return option.first == key; };
  const auto found = std::find_if(haul_.options.begin(), haul_.options.end(), same);
  option_ = static_cast<std::size_t>(found - haul_.options.begin());
  if (found != haul_.options.end()) {
    found->second.reset();
  } else if (haul_.options.size() < kMaxOptions && option_bytes_ + key.size() <= limits_.max_field_bytes) {
    option_bytes_ += key.size();
    haul_.options.emplace_back(key, std::nullopt);
  } else {
    option_.reset();
  }
}

void Harvest::PutOption(const Row& row, const Scalar& scalar) {
  std::optional<std::string> value;
  if (scalar.kind == Scalar::Kind::kNull)
    value = "";
  else if (scalar.kind == Scalar::Kind::kBool)
    value = scalar.text;
  else
    value = Text(row, scalar, limits_.max_field_bytes);
  if (!value) return;
  option_bytes_ += value->size();
  if (!option_ || option_bytes_ > limits_.max_field_bytes) return notes_.Add(row.path, "too many options");
  haul_.options[*option_].second = std::move(value);
}

void Harvest::PutError(const Row& row, const Scalar& scalar) {
  if (haul_.errors.size() >= kMaxErrors) return;
  if (const auto text = Text(row, scalar, limits_.max_field_bytes))
    haul_.errors.push_back(Shorten(*text, kMaxErrorBytes));
}

/// There may be millions of them, nearly all plain: no string is made to count one.
void Harvest::PutCallName(const Row& row, const Scalar& scalar) {
  haul_.calls.BeginCall();
  const bool plain = scalar.kind == Scalar::Kind::kText && scalar.text.size() <= limits_.max_field_bytes &&
                     IsPlain(scalar.text);
  const auto text = plain ? std::nullopt : Text(row, scalar, limits_.max_field_bytes);
  if (!plain && !text) return;
  const std::string_view name = plain ? scalar.text : std::string_view(*text);
  if (!haul_.calls.SetName(name)) notes_.Add(row.path, "too many names");
  if (WantsCalls()) haul_.call_list.SetName(name);
}

void Harvest::PutStat(const Row& row, const Scalar& scalar) {
  const auto times = Whole(row, scalar);
  if (times && !haul_.stats.SetTimes(*times)) notes_.Add(row.path, "too many names");
}

std::optional<std::int64_t> Harvest::Whole(const Row& row, const Scalar& scalar) {
  if (scalar.kind != Scalar::Kind::kNumber) {
    WrongType(row.path, scalar);
    return std::nullopt;
  }
  const auto number = NumberFrom(scalar);
  if (number && number->whole) return number->whole;
  notes_.Add(row.path, "no whole number, or out of range");
  return std::nullopt;
}

std::optional<std::string> Harvest::Text(const Row& row, const Scalar& scalar, std::size_t max_bytes) {
  if (scalar.kind == Scalar::Kind::kText) return Decode(scalar.text, row.path, max_bytes);
  if (scalar.kind == Scalar::Kind::kNumber) return std::string(scalar.text.substr(0, max_bytes));
  WrongType(row.path, scalar);
  return std::nullopt;
}

std::string Harvest::Decode(std::string_view raw, std::string_view path, std::size_t max_bytes) {
  Repairs repairs;
  std::string text = report::Decode(Fitted(raw, path, max_bytes), repairs);
  NoteRepairs(repairs, path);
  return text;
}

/// As much of a text as the limit allows.
std::string_view Harvest::Fitted(std::string_view raw, std::string_view path, std::size_t max_bytes) {
  if (raw.size() <= max_bytes) return raw;
  notes_.Add(path, "text too long, cut");
  return CutRaw(raw, max_bytes);
}

void Harvest::NoteRepairs(const Repairs& repairs, std::string_view path) {
  if (!repairs.Any()) return;
  if (repairs.surrogates > 0) notes_.Add(path, "half a surrogate pair, replaced", repairs.surrogates);
  if (repairs.bad_escapes > 0) notes_.Add(path, "unknown escape, kept as written", repairs.bad_escapes);
  if (repairs.bad_utf8) notes_.Add(path, "invalid UTF-8, replaced");
}

void Harvest::WrongType(std::string_view path, const Scalar& scalar) {
  const bool item = path.ends_with(']');
  if (scalar.kind == Scalar::Kind::kNull && !item) return;
  notes_.Add(path, scalar.kind == Scalar::Kind::kUnreadable ? "unreadable value" : "wrong type");
}

}  // namespace brood::report
