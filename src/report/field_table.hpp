#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace brood::report {

/// What is done with the value that stands at a row's path.
enum class Take : std::uint8_t {
  kText,          ///< a single text; a number is written as text. `slot`: TextSlot
  kAnyText,       ///< the same of any single value, beside what another row takes there
  kDate,          ///< epoch or text, to UTC. `slot`: TextSlot
  kNumber,        ///< `slot`: NumberSlot
  kTexts,         ///< an item of a list of texts. `slot`: ListSlot
  kRecord,        ///< an object that becomes one item of a list. `slot`: RecordSlot
  kColumn,        ///< a text of the record around it. `slot`: Column
  kColumnNumber,  ///< the whole number of the record around it
  kError,         ///< an item of debug.errors
  kOption,        ///< a value of the options object, its key being the option
  kCall,          ///< an object that is one API call
  kCallName,      ///< the name of the call around it
  kStats,         ///< the object of API statistics
  kStatsProcess,  ///< one process's statistics
  kStat,          ///< how often the process called the API that is the key
  kPresence,      ///< anything at all: the analysis saw behaviour
  // Of the list of API calls:
  kListedCall,  ///< an object that is one API call
  kCallText,    ///< anything, as text. `slot`: CallSlot
  kCallNumber,  ///< `slot`: CallNumber
  kArgument,    ///< an object with a name and a value
  kArgumentName,
  kArgumentValue,   ///< anything, as text; a list or an object as its JSON
  kArgumentMember,  ///< the same, its key being the name
};

enum class TextSlot : std::uint8_t {
  kDate,
  kVersion,
  kOptions,
  kBinaryName,
  kFileType,
  kMd5,
  kSha1,
  kSha256,
  kSha512,
  kUrl,
  kMachineName,
  kMachineLabel,
  kMachineManager,
  kCustom,
  kPlatform,
  kStarted,
  kEnded,
  kCount
};
enum class NumberSlot : std::uint8_t { kScore, kPositives, kTaskId, kCount };
enum class ListSlot : std::uint8_t {
  kFileOpened,
  kFileRead,
  kFileWritten,
  kFileDeleted,
  kRegkeyOpened,
  kRegkeyRead,
  kRegkeyWritten,
  kRegkeyDeleted,
  kMutex,
  kDllLoaded,
  kDirCreated,
  kDirEnumerated,
  kDirRemoved,
  kFileCreated,
  kExecutedCommands,
  kCommandLines,
  kIp,
  kDeadHost,
  kString,
  kCount
};
enum class RecordSlot : std::uint8_t {
  kSignature,
  kProcess,
  kDomain,
  kTcp,
  kUdp,
  kHttp,
  kHttpEx,
  kHttpsEx,
  kHost,
  kCount
};
/// Texts of a record; which of them a kind of record has stands in the table.
enum class Column : std::uint8_t {
  kName,
  kDescription,
  kCommandLine,
  kEnvironCommandLine,
  kIp,
  kDomain,
  kSrc,
  kDst,
  kUri,
  kUserAgent,
  kMethod,
  kBody,
  kHost,
  kPath,
  kRequest,
  kResponse,
  kProcessId,
  kPid,
  kParentId,
  kPpid,
  kFirstSeen,
  kCount
};
enum class CallSlot : std::uint8_t { kCategory, kStatus, kReturn, kTimestamp, kThread, kCount };
enum class CallNumber : std::uint8_t { kRepeated, kId, kCount };

inline constexpr std::size_t kRanks = 3;

/// A path: keys joined by dots, `[]` each item of a list, `[0]` its first item only, `*` any key without a row
/// of its own. Of the rows for one slot the lowest rank whose value is there and of the right type wins.
struct Row {
  std::string_view path;
  Take take;
  std::uint8_t slot = 0;
  std::uint8_t rank = 0;
};

/// What is wanted of a report, of whatever dialect. Everything else is skipped unread.
[[nodiscard]] std::span<const Row> FieldTable();
/// What is wanted besides where calls are listed, not only counted: they and other details.
[[nodiscard]] std::span<const Row> CallTable();

}  // namespace brood::report
