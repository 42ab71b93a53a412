#include "report/assemble.hpp"

#include <fmt/format.h>

#include <iterator>
#include <unordered_set>

#include "base/digest.hpp"

namespace brood::report {
namespace {

std::string TakeText(Haul& haul, TextSlot slot) {
  for (auto& text : haul.texts[static_cast<std::size_t>(slot)]) {
    if (text) return std::move(*text);
  }
  return {};
}

const Number* FindNumber(const Haul& haul, NumberSlot slot) {
  for (const auto& number : haul.numbers[static_cast<std::size_t>(slot)]) {
    if (number) return &*number;
  }
  return nullptr;
}

std::int64_t TakeWhole(const Haul& haul, NumberSlot slot) {
  const Number* number = FindNumber(haul, slot);
  return number == nullptr ? 0 : number->whole.value_or(0);
}

/// A list that is there wins even if it is empty.
model::TextList TakeList(Haul& haul, ListSlot slot) {
  for (auto& list : haul.lists[static_cast<std::size_t>(slot)]) {
    if (list.present()) return list.Take();
  }
  return {};
}

std::vector<std::string> TakeStrings(Haul& haul, ListSlot slot) {
  const model::TextList texts = TakeList(haul, slot);
  return {texts.begin(), texts.end()};
}

void TakeInfo(Haul& haul, model::Report& report) {
  if (const Number* score = FindNumber(haul, NumberSlot::kScore)) report.score = score->value;
  report.date = TakeText(haul, TextSlot::kDate);
  report.cuckoo_version = TakeText(haul, TextSlot::kVersion);
  report.cuckoo_options = TakeText(haul, TextSlot::kOptions);
  for (const auto& [key, value] : haul.options) {
    if (!value) continue;
    if (!report.cuckoo_options.empty()) report.cuckoo_options += ',';
    report.cuckoo_options += key + "=" + *value;
  }
  report.machine_info = {TakeText(haul, TextSlot::kMachineName), TakeText(haul, TextSlot::kMachineLabel),
                         TakeText(haul, TextSlot::kMachineManager)};
  report.vt_matched = TakeWhole(haul, NumberSlot::kPositives);
}

void TakeTarget(Haul& haul, model::Report& report) {
  report.binary_name = TakeText(haul, TextSlot::kBinaryName);
  report.file_type = TakeText(haul, TextSlot::kFileType);
  report.md5 = TakeText(haul, TextSlot::kMd5);
  report.sha1 = TakeText(haul, TextSlot::kSha1);
  report.sha256 = TakeText(haul, TextSlot::kSha256);
  report.sha512 = TakeText(haul, TextSlot::kSha512);
  const std::string url = TakeText(haul, TextSlot::kUrl);
  if (report.sha256.empty() && !url.empty()) report.sha256 = Sha256Hex(url);
}

void TakeSummary(Haul& haul, model::Report& report) {
  report.file_opened = TakeList(haul, ListSlot::kFileOpened);
  report.file_read = TakeList(haul, ListSlot::kFileRead);
  report.file_written = TakeList(haul, ListSlot::kFileWritten);
  report.file_deleted = TakeList(haul, ListSlot::kFileDeleted);
  report.regkey_opened = TakeList(haul, ListSlot::kRegkeyOpened);
  report.regkey_read = TakeList(haul, ListSlot::kRegkeyRead);
  report.regkey_written = TakeList(haul, ListSlot::kRegkeyWritten);
  report.regkey_deleted = TakeList(haul, ListSlot::kRegkeyDeleted);
  report.mutex = TakeList(haul, ListSlot::kMutex);
  report.dll_loaded = TakeList(haul, ListSlot::kDllLoaded);
  report.dir_created = TakeList(haul, ListSlot::kDirCreated);
  report.dir_enumerated = TakeList(haul, ListSlot::kDirEnumerated);
  report.dir_removed = TakeList(haul, ListSlot::kDirRemoved);
}

/// The processes, then each command of the summary that none of them and no earlier command has.
void TakeProcesses(Haul& haul, model::Report& report) {
  report.process = haul.processes.Take();
  std::unordered_set<std::string> seen;
  for (const auto& process : report.process) seen.insert(process.command_line);
  for (const ListSlot slot : {ListSlot::kExecutedCommands, ListSlot::kCommandLines}) {
    for (std::string& command : TakeStrings(haul, slot)) {
      if (seen.insert(command).second) report.process.push_back({"", std::move(command)});
    }
  }
}

void TakeNetwork(Haul& haul, model::Report& report) {
  report.ip = TakeStrings(haul, ListSlot::kIp);
  report.domain = haul.domains.Take();
  report.tcp = haul.tcp.Take();
  report.udp = haul.udp.Take();
  report.http = haul.http.Take();
  report.http_ex = haul.http_ex.Take();
  auto secure = haul.https_ex.Take();
  report.http_ex.insert(report.http_ex.end(), std::make_move_iterator(secure.begin()),
                        std::make_move_iterator(secure.end()));
  report.dead_host = TakeStrings(haul, ListSlot::kDeadHost);
}

bool HasBehaviour(Haul& haul) {
  if (haul.presence[0] || haul.presence[1] || !haul.processes.items().empty()) return true;
  for (std::size_t slot = 0; slot <= static_cast<std::size_t>(ListSlot::kCommandLines); ++slot) {
    for (auto& list : haul.lists[slot]) {
      if (!list.items().empty()) return true;
    }
  }
  return false;
}

model::ReportFacts TakeFacts(Haul& haul) {
  model::ReportFacts facts;
  facts.custom = TakeText(haul, TextSlot::kCustom);
  facts.task_id = TakeWhole(haul, NumberSlot::kTaskId);
  facts.platform = TakeText(haul, TextSlot::kPlatform);
  facts.has_behavior = HasBehaviour(haul);
  facts.has_sections = haul.has_sections;
  facts.errors = std::move(haul.errors);
  return facts;
}

void NoteWhatWasLeftOut(const Haul& haul, const Limits& limits, std::vector<model::ParseNote>& notes) {
  for (const BoundedList* list : haul.budget.lists()) {
    const std::string path(list->path());
    if (list->over_items() > 0)
      notes.push_back({path, fmt::format("left out: over {} items", limits.max_items), list->over_items()});
    if (list->over_bytes() > 0)
      notes.push_back({path, fmt::format("left out: all lists over {} bytes", limits.max_document_bytes),
                       list->over_bytes()});
  }
}

}  // namespace

ReadResult Assemble(Haul& haul, Notes& notes, const Limits& limits) {
  ReadResult result;
  result.facts = TakeFacts(haul);
  model::Report& report = result.report;
  report.signature = haul.signatures.Take();
  report.string = TakeList(haul, ListSlot::kString);
  report.api_call = haul.stats.present() ? haul.stats.Take() : haul.calls.Take();
  TakeInfo(haul, report);
  TakeTarget(haul, report);
  TakeProcesses(haul, report);
  TakeSummary(haul, report);
  TakeNetwork(haul, report);
  if (haul.call_list.over_bytes()) notes.Add("behavior.processes[]", "details left out: too many bytes");
  result.processes = haul.call_list.TakeProcesses();
  result.calls = haul.call_list.TakeCalls();
  result.started = TakeText(haul, TextSlot::kStarted);
  result.ended = TakeText(haul, TextSlot::kEnded);
  result.file_created = TakeList(haul, ListSlot::kFileCreated);
  report.parse_notes = notes.Take();
  NoteWhatWasLeftOut(haul, limits, report.parse_notes);
  FitDocument(report, limits.max_document_bytes);
  return result;
}

}  // namespace brood::report
