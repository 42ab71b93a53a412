#pragma once

#include <cstddef>
#include <string_view>

#include "crits/crits.hpp"
#include "http/message.hpp"

namespace brood::crits {

/// How many bytes `text` takes in a body of form fields.
[[nodiscard]] std::size_t EncodedSize(std::string_view text);

/// The fields of POST /api/v1/services/. Credentials are fields, as the original sends them: a web server in
/// front of CRITs may take the header away.
[[nodiscard]] http::FieldList ServiceFields(const Analysis& analysis, const Update& update);

/// The fields of POST /api/v1/samples/ beside the file.
[[nodiscard]] http::FieldList SampleFields(const Analysis& analysis);

/// The fields of PATCH /api/v1/samples/ID/, which takes credentials in its header alone.
[[nodiscard]] http::FieldList RelationFields(const std::string& sample_id);

/// A file's name as it may stand in a form: what is behind its last slash or backslash (Django would cut it
/// there), no control characters, 255 bytes at most, never empty.
[[nodiscard]] std::string FormFileName(std::string_view name);

/// How much of a body of `max_body` bytes is left for results beside everything else that one request may hold;
/// 0 stays 0, no limit. Logs are cut to kMaxLogBytes.
inline constexpr std::size_t kMaxLogBytes = 2'000;
[[nodiscard]] std::size_t RoomForResults(const Analysis& analysis, std::size_t max_body);

}  // namespace brood::crits
