#include "report/harvest.hpp"

namespace brood::report {

void Harvest::Key(const Node& node, std::string_view key) {
  if (!node.IsWildcard()) {
    for (const Row* row : node.beneath) Forget(*row);
    return;
  }
  // One key of many: only what this very key gave before is forgotten.
  for (const Row* row : node.rows) {
    if (row->take == Take::kStatsProcess) haul_.stats.BeginProcess(key);
    if (row->take == Take::kStat) haul_.stats.BeginStat(key);
    if (row->take == Take::kOption) BeginOption(key);
    if (row->take == Take::kArgumentMember && !haul_.call_list.BeginMember(key))
      notes_.Add(row->path, "too many arguments");
  }
}

void Harvest::Begin(const Node& node, std::uint64_t index) {
  for (const Row* row : node.rows) {
    if (row->take == Take::kRecord) record_ = {};
    if (row->take == Take::kCall) haul_.calls.BeginCall();
    if (row->take == Take::kStats) haul_.stats.Open();
    if (row->take == Take::kListedCall) haul_.call_list.BeginCall(index);
    if (row->take == Take::kArgument) haul_.call_list.BeginItem();
  }
  if (!node.each) return;
  if (const Row* row = node.each->RowFor(Take::kTexts)) haul_.lists[row->slot][row->rank].Open();
}

void Harvest::End(const Node& node) {
  for (const Row* row : node.rows) {
    if (row->take == Take::kRecord) PushRecord(*row);
    if (row->take == Take::kCall) haul_.calls.EndCall();
    if (row->take == Take::kListedCall) haul_.call_list.EndCall();
    if (row->take == Take::kArgument && !haul_.call_list.EndItem()) notes_.Add(row->path, "too many arguments");
  }
}

void Harvest::PutContainer(const Node& node) {
  if (const Row* row = node.RowFor(Take::kPresence))
    haul_.presence[row->slot] = true;
  else if (!node.rows.empty() || node.TakesObject() || node.TakesList())
    notes_.Add(node.path, "wrong type");
}

void Harvest::Forget(const Row& row) {
  const auto record = [&] { return static_cast<RecordSlot>(row.slot); };
  switch (row.take) {
    case Take::kText:
    case Take::kAnyText:
    case Take::kDate:
      haul_.texts[row.slot][row.rank].reset();
      break;
    case Take::kNumber:
      haul_.numbers[row.slot][row.rank].reset();
      break;
    case Take::kTexts:
      haul_.lists[row.slot][row.rank].Forget();
      break;
    case Take::kRecord:
      ForgetRecords(record());
      break;
    case Take::kColumn:
      record_.texts[row.slot].reset();
      break;
    case Take::kColumnNumber:
      record_.number = 0;
      break;
    case Take::kError:
      haul_.errors.clear();
      break;
    case Take::kOption:
      haul_.options.clear();
      option_.reset();
      option_bytes_ = 0;
      break;
    case Take::kCall:
      haul_.calls.ForgetProcess();
      break;
    case Take::kCallName:
      haul_.calls.BeginCall();
      haul_.call_list.ForgetName();
      break;
    case Take::kListedCall:
    case Take::kCallText:
    case Take::kCallNumber:
    case Take::kArgument:
    case Take::kArgumentName:
    case Take::kArgumentValue:
    case Take::kArgumentMember:
      ForgetCallPart(row);
      break;
    case Take::kStats:
      haul_.stats.Forget();
      break;
    case Take::kStatsProcess:
    case Take::kStat:
      break;  // forgotten with kStats, or one by one in Key
    case Take::kPresence:
      haul_.presence[row.slot] = false;
      break;
  }
}

void Harvest::ForgetRecords(RecordSlot slot) {
  switch (slot) {
    case RecordSlot::kSignature:
      haul_.signatures.Forget();
      break;
    case RecordSlot::kProcess:
      haul_.processes.Forget();
      haul_.calls.ForgetAll();
      haul_.call_list.ForgetAll();
      break;
    case RecordSlot::kDomain:
      haul_.domains.Forget();
      break;
    case RecordSlot::kTcp:
      haul_.tcp.Forget();
      break;
    case RecordSlot::kUdp:
      haul_.udp.Forget();
      break;
    case RecordSlot::kHttp:
      haul_.http.Forget();
      break;
    case RecordSlot::kHttpEx:
      haul_.http_ex.Forget();
      break;
    case RecordSlot::kHttpsEx:
      haul_.https_ex.Forget();
      break;
    case RecordSlot::kHost:
    case RecordSlot::kCount:
      break;
  }
}

std::string Harvest::Record::Take(Column column) {
  auto& text = texts[static_cast<std::size_t>(column)];
  return text ? std::move(*text) : std::string();
}

void Harvest::PushRecord(const Row& row) {
  using enum Column;
  const auto take = [this](Column column) { return record_.Take(column); };
  const auto exchange = [&] {
    return model::HttpExchange{take(kSrc), take(kDst),     take(kHost),    record_.number,
                               take(kUri), take(kRequest), take(kResponse)};
  };
  const auto connection = [&] { return model::Connection{take(kSrc), take(kDst), record_.number}; };
  switch (static_cast<RecordSlot>(row.slot)) {
    case RecordSlot::kSignature:
      haul_.signatures.Push({take(kName), record_.number, take(kDescription)}, row.path);
      break;
    case RecordSlot::kProcess: {
      EndListedProcess();
      const bool own = record_.texts[static_cast<std::size_t>(kCommandLine)].has_value();
      haul_.processes.Push({take(kName), take(own ? kCommandLine : kEnvironCommandLine)}, row.path);
      haul_.calls.EndProcess();
      break;
    }
    case RecordSlot::kDomain:
      haul_.domains.Push({take(kIp), take(kDomain)}, row.path);
      break;
    case RecordSlot::kTcp:
      haul_.tcp.Push(connection(), row.path);
      break;
    case RecordSlot::kUdp:
      haul_.udp.Push(connection(), row.path);
      break;
    case RecordSlot::kHttp:
      haul_.http.Push({take(kUri), take(kUserAgent), take(kMethod), take(kBody), take(kHost), take(kPath)},
                      row.path);
      break;
    case RecordSlot::kHttpEx:
      haul_.http_ex.Push(exchange(), row.path);
      break;
    case RecordSlot::kHttpsEx:
      haul_.https_ex.Push(exchange(), row.path);
      break;
    case RecordSlot::kHost:
      if (record_.texts[static_cast<std::size_t>(kIp)])
        haul_.list(ListSlot::kIp, 0).Push(take(kIp), row.path);
      else
        notes_.Add(row.path, "no ip");
      break;
    case RecordSlot::kCount:
      break;
  }
}

}  // namespace brood::report
