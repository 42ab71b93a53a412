#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace brood::model {

// What a raw report says beyond the filtered document, for those who pass it on or show it. Every string is
// valid UTF-8.

/// One of behavior.processes, whatever the dialect calls its fields.
struct SeenProcess {
  std::string name;
  std::optional<std::int64_t> id, parent;
  std::string first_seen;  ///< as written: a date, or seconds since 1970
  bool operator==(const SeenProcess&) const = default;
};

/// A value that is a list or an object stands as its JSON, without blanks.
struct CallArgument {
  std::string name, value;
  bool operator==(const CallArgument&) const = default;
};

/// One of behavior.processes[].calls. Numbers are as written, Booleans "true" and "false", what is null or
/// absent is empty.
struct SeenCall {
  std::size_t process = 0;  ///< index of its SeenProcess
  std::string api, category;
  std::string status;  ///< 0 and 1 are "false" and "true"
  std::string return_value, timestamp, thread_id;
  std::int64_t repeated = 0;
  std::int64_t id = 0;  ///< where the report gives none, its position among the process's calls
  std::vector<CallArgument> arguments;
  bool operator==(const SeenCall&) const = default;
};

}  // namespace brood::model
