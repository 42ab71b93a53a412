#include "report/field_table.hpp"

namespace brood::report {
namespace {

constexpr std::uint8_t kFirst = 0, kSecond = 1, kThird = 2;

constexpr Row Text(std::string_view path, TextSlot slot, std::uint8_t rank = kFirst) {
  return {path, Take::kText, static_cast<std::uint8_t>(slot), rank};
}
constexpr Row Date(std::string_view path, std::uint8_t rank) {
  return {path, Take::kDate, static_cast<std::uint8_t>(TextSlot::kDate), rank};
}
constexpr Row Num(std::string_view path, NumberSlot slot, std::uint8_t rank = kFirst) {
  return {path, Take::kNumber, static_cast<std::uint8_t>(slot), rank};
}
constexpr Row List(std::string_view path, ListSlot slot, std::uint8_t rank = kFirst) {
  return {path, Take::kTexts, static_cast<std::uint8_t>(slot), rank};
}
constexpr Row Each(std::string_view path, RecordSlot slot) {
  return {path, Take::kRecord, static_cast<std::uint8_t>(slot)};
}
constexpr Row Col(std::string_view path, Column column) {
  return {path, Take::kColumn, static_cast<std::uint8_t>(column)};
}
constexpr Row Whole(std::string_view path) { return {path, Take::kColumnNumber}; }
constexpr Row CallText(std::string_view path, CallSlot slot, std::uint8_t rank = kFirst) {
  return {path, Take::kCallText, static_cast<std::uint8_t>(slot), rank};
}
constexpr Row CallWhole(std::string_view path, CallNumber slot) {
  return {path, Take::kCallNumber, static_cast<std::uint8_t>(slot)};
}

// First: Cuckoo 2.x. Second and third: Cuckoo 1.x, the modified line, CAPE, Cuckoo 3 (its target has no
// `file`).
constexpr Row kTable[] = {
    Num("info.score", NumberSlot::kScore, kFirst),
    Num("malscore", NumberSlot::kScore, kSecond),
    Num("score", NumberSlot::kScore, kThird),
    Date("info.machine.shutdown_on", kFirst),
    Date("info.ended", kSecond),
    Text("info.version", TextSlot::kVersion),
    Text("info.options", TextSlot::kOptions),
    {"info.options.*", Take::kOption},

    Text("target.file.name", TextSlot::kBinaryName),
    Text("target.file.type", TextSlot::kFileType),
    Text("target.file.md5", TextSlot::kMd5),
    Text("target.file.sha1", TextSlot::kSha1),
    Text("target.file.sha256", TextSlot::kSha256),
    Text("target.file.sha512", TextSlot::kSha512),
    Text("target.filename", TextSlot::kBinaryName, kSecond),
    Text("target.filetype", TextSlot::kFileType, kSecond),
    Text("target.md5", TextSlot::kMd5, kSecond),
    Text("target.sha1", TextSlot::kSha1, kSecond),
    Text("target.sha256", TextSlot::kSha256, kSecond),
    Text("target.sha512", TextSlot::kSha512, kSecond),
    Text("target.url", TextSlot::kUrl),

    Text("info.machine.name", TextSlot::kMachineName),
    Text("info.machine", TextSlot::kMachineName, kSecond),
    Text("info.machine.label", TextSlot::kMachineLabel),
    Text("info.machine.manager", TextSlot::kMachineManager),

    Each("signatures[]", RecordSlot::kSignature),
    Col("signatures[].name", Column::kName),
    Whole("signatures[].severity"),
    Col("signatures[].description", Column::kDescription),
    Num("virustotal.positives", NumberSlot::kPositives, kFirst),
    Num("virustotal.summary.positives", NumberSlot::kPositives, kSecond),

    List("behavior.summary.file_opened[]", ListSlot::kFileOpened, kFirst),
    List("behavior.summary.files[]", ListSlot::kFileOpened, kSecond),
    List("behavior.summary.file_read[]", ListSlot::kFileRead, kFirst),
    List("behavior.summary.read_files[]", ListSlot::kFileRead, kSecond),
    List("behavior.summary.file_written[]", ListSlot::kFileWritten, kFirst),
    List("behavior.summary.write_files[]", ListSlot::kFileWritten, kSecond),
    List("behavior.summary.file_deleted[]", ListSlot::kFileDeleted, kFirst),
    List("behavior.summary.delete_files[]", ListSlot::kFileDeleted, kSecond),
    List("behavior.summary.regkey_opened[]", ListSlot::kRegkeyOpened, kFirst),
    List("behavior.summary.keys[]", ListSlot::kRegkeyOpened, kSecond),
    List("behavior.summary.regkey_read[]", ListSlot::kRegkeyRead, kFirst),
    List("behavior.summary.read_keys[]", ListSlot::kRegkeyRead, kSecond),
    List("behavior.summary.regkey_written[]", ListSlot::kRegkeyWritten, kFirst),
    List("behavior.summary.write_keys[]", ListSlot::kRegkeyWritten, kSecond),
    List("behavior.summary.regkey_deleted[]", ListSlot::kRegkeyDeleted, kFirst),
    List("behavior.summary.delete_keys[]", ListSlot::kRegkeyDeleted, kSecond),
    List("behavior.summary.mutex[]", ListSlot::kMutex, kFirst),
    List("behavior.summary.mutexes[]", ListSlot::kMutex, kSecond),
    List("behavior.summary.dll_loaded[]", ListSlot::kDllLoaded),
    List("behavior.summary.directory_created[]", ListSlot::kDirCreated),
    List("behavior.summary.directory_enumerated[]", ListSlot::kDirEnumerated),
    List("behavior.summary.directory_removed[]", ListSlot::kDirRemoved),

    Each("behavior.processes[]", RecordSlot::kProcess),
    Col("behavior.processes[].process_name", Column::kName),
    Col("behavior.processes[].command_line", Column::kCommandLine),
    Col("behavior.processes[].environ.CommandLine", Column::kEnvironCommandLine),
    Col("behavior.processes[].process_id", Column::kProcessId),
    Col("behavior.processes[].pid", Column::kPid),
    Col("behavior.processes[].parent_id", Column::kParentId),
    Col("behavior.processes[].ppid", Column::kPpid),
    Col("behavior.processes[].first_seen", Column::kFirstSeen),
    List("behavior.summary.executed_commands[]", ListSlot::kExecutedCommands),
    List("behavior.summary.command_line[]", ListSlot::kCommandLines),

    {"behavior.apistats", Take::kStats},
    {"behavior.apistats.*", Take::kStatsProcess},
    {"behavior.apistats.*.*", Take::kStat},
    {"behavior.processes[].calls[]", Take::kCall},
    {"behavior.processes[].calls[].api", Take::kCallName},

    List("network.hosts[]", ListSlot::kIp),
    Each("network.hosts[]", RecordSlot::kHost),
    Col("network.hosts[].ip", Column::kIp),
    Each("network.domains[]", RecordSlot::kDomain),
    Col("network.domains[].ip", Column::kIp),
    Col("network.domains[].domain", Column::kDomain),
    Each("network.tcp[]", RecordSlot::kTcp),
    Col("network.tcp[].src", Column::kSrc),
    Col("network.tcp[].dst", Column::kDst),
    Whole("network.tcp[].dport"),
    Each("network.udp[]", RecordSlot::kUdp),
    Col("network.udp[].src", Column::kSrc),
    Col("network.udp[].dst", Column::kDst),
    Whole("network.udp[].dport"),
    Each("network.http[]", RecordSlot::kHttp),
    Col("network.http[].uri", Column::kUri),
    Col("network.http[].user-agent", Column::kUserAgent),
    Col("network.http[].method", Column::kMethod),
    Col("network.http[].body", Column::kBody),
    Col("network.http[].host", Column::kHost),
    Col("network.http[].path", Column::kPath),
    Each("network.http_ex[]", RecordSlot::kHttpEx),
    Col("network.http_ex[].src", Column::kSrc),
    Col("network.http_ex[].dst", Column::kDst),
    Col("network.http_ex[].host", Column::kHost),
    Whole("network.http_ex[].dport"),
    Col("network.http_ex[].uri", Column::kUri),
    Col("network.http_ex[].request", Column::kRequest),
    Col("network.http_ex[].response", Column::kResponse),
    Each("network.https_ex[]", RecordSlot::kHttpsEx),
    Col("network.https_ex[].src", Column::kSrc),
    Col("network.https_ex[].dst", Column::kDst),
    Col("network.https_ex[].host", Column::kHost),
    Whole("network.https_ex[].dport"),
    Col("network.https_ex[].uri", Column::kUri),
    Col("network.https_ex[].request", Column::kRequest),
    Col("network.https_ex[].response", Column::kResponse),
    List("network.dead_hosts[][0]", ListSlot::kDeadHost),

    List("strings[]", ListSlot::kString, kFirst),
    List("target.file.strings[]", ListSlot::kString, kSecond),

    // Facts about the report that are no part of the document.
    Text("info.custom", TextSlot::kCustom),
    Num("info.id", NumberSlot::kTaskId),
    Text("info.platform", TextSlot::kPlatform, kFirst),
    Text("info.machine.platform", TextSlot::kPlatform, kSecond),
    {"debug.errors[]", Take::kError},
    {"behavior.generic[0]", Take::kPresence},
    {"behavior.summary.*[0]", Take::kPresence},
};

// First: Cuckoo 1.x and CAPE, whose arguments are a list. Second: Cuckoo 2.x, where they are an object.
constexpr Row kCallTable[] = {
    {"info.started", Take::kAnyText, static_cast<std::uint8_t>(TextSlot::kStarted)},
    {"info.ended", Take::kAnyText, static_cast<std::uint8_t>(TextSlot::kEnded)},
    List("behavior.summary.file_created[]", ListSlot::kFileCreated),
    {"behavior.processes[].calls[]", Take::kListedCall},
    CallText("behavior.processes[].calls[].category", CallSlot::kCategory),
    CallText("behavior.processes[].calls[].status", CallSlot::kStatus),
    CallText("behavior.processes[].calls[].return", CallSlot::kReturn, kFirst),
    CallText("behavior.processes[].calls[].return_value", CallSlot::kReturn, kSecond),
    CallText("behavior.processes[].calls[].timestamp", CallSlot::kTimestamp, kFirst),
    CallText("behavior.processes[].calls[].time", CallSlot::kTimestamp, kSecond),
    CallText("behavior.processes[].calls[].thread_id", CallSlot::kThread, kFirst),
    CallText("behavior.processes[].calls[].tid", CallSlot::kThread, kSecond),
    CallWhole("behavior.processes[].calls[].repeated", CallNumber::kRepeated),
    CallWhole("behavior.processes[].calls[].id", CallNumber::kId),
    {"behavior.processes[].calls[].arguments[]", Take::kArgument},
    {"behavior.processes[].calls[].arguments[].name", Take::kArgumentName},
    {"behavior.processes[].calls[].arguments[].value", Take::kArgumentValue},
    {"behavior.processes[].calls[].arguments.*", Take::kArgumentMember},
};

}  // namespace

std::span<const Row> FieldTable() { return kTable; }
std::span<const Row> CallTable() { return kCallTable; }

}  // namespace brood::report
