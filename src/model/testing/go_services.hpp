#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace brood::model::testing {

// The Go services of cuckoo_distributed as their neighbours see them: what they make of a message and what they
// send on. As Go's encoding/json reads: keys of structs without regard to case, keys of maps exactly, unknown
// keys dropped, null leaves a field empty, another type is an error. Source: the recorded messages and the
// services' checks ("File map doesn't exist!" and its kin). An error is the sentence that the service fails
// the message with.

struct GoCritsData {
  std::string crits_url, analysis_id, object_type, object_id, username, api_key, md5, source;
  bool operator==(const GoCritsData&) const = default;
};

struct GoFeedRequest {
  std::map<std::string, std::string> payload, file;
  std::string bytes;  ///< file.data decoded
  GoCritsData crits;
};

struct GoTaskRequest {
  std::int64_t task = 0;
  std::string cuckoo_url;
  GoCritsData crits;
};

struct GoFailedMsg {
  std::string service, queue, error, desc, msg;
};

template <class T>
using GoReads = Expected<T, std::string>;

/// feed_cuckoo: name and data must be there, data in base64 with padding.
[[nodiscard]] GoReads<GoFeedRequest> GoFeedCuckooReads(std::string_view body);
/// check_results and parse_and_submit.
[[nodiscard]] GoReads<GoTaskRequest> GoTaskReads(std::string_view body);
/// overseer: what it cannot read, or whose Msg names no crits data, it dumps at once; the error says so.
[[nodiscard]] GoReads<GoFailedMsg> GoOverseerReads(std::string_view body);

/// What they publish, byte for byte.
[[nodiscard]] std::string GoFeedCuckooSends(const GoFeedRequest& request, std::int64_t task,
                                            std::string_view cuckoo_url);
[[nodiscard]] std::string GoCheckResultsSends(const GoTaskRequest& request);
[[nodiscard]] std::string GoSendsFailure(const GoFailedMsg& failure);

}  // namespace brood::model::testing
