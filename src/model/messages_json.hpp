#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/messages.hpp"

namespace brood::model {

// Wire format of SPEC section 2: UTF-8 JSON, keys matched without regard to case as Go does (an exact match
// wins), unknown keys carried along. Encoding writes the original's keys in the original's order first, then
// ours; ours are left out when empty. A decoding error is permanent and names the path ("file.data: not
// base64").

[[nodiscard]] std::string ToJson(const FeedMessage& message);
[[nodiscard]] std::string ToJson(const TaskMessage& message);
[[nodiscard]] std::string ToJson(const StoredMessage& message);
[[nodiscard]] std::string ToJson(const CleanupMessage& message);
[[nodiscard]] std::string ToJson(const FailureMessage& message);

[[nodiscard]] Expected<FeedMessage, Error> FeedMessageFromJson(std::string_view text);
[[nodiscard]] Expected<TaskMessage, Error> TaskMessageFromJson(std::string_view text);
[[nodiscard]] Expected<StoredMessage, Error> StoredMessageFromJson(std::string_view text);
[[nodiscard]] Expected<CleanupMessage, Error> CleanupMessageFromJson(std::string_view text);
[[nodiscard]] Expected<FailureMessage, Error> FailureMessageFromJson(std::string_view text);

}  // namespace brood::model
