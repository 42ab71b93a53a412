#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "http/message.hpp"

namespace brood::http {

/// The parts of an http or https URL (RFC 3986), still encoded as they stood.
struct Url {
  std::string scheme;      ///< "http" or "https"
  std::string user_info;   ///< before '@'; a secret: never shown
  std::string host;        ///< lower case; an IPv6 address with its brackets
  std::uint16_t port = 0;  ///< the scheme's own (80, 443) if the text names none
  std::string path;        ///< begins with '/'
  std::string query;       ///< without '?'
};

/// Nothing but http and https; no blanks, control characters or line breaks. The error is a sentence without
/// the text.
[[nodiscard]] Expected<Url, std::string> ParseUrl(std::string_view text);

/// The URL as logs, errors and pages may show it: no user and password, "?…" in place of a query.
[[nodiscard]] std::string ShownUrl(std::string_view text);

/// Everything but letters, digits and "-._~" becomes %XX: safe as a path segment and as a query value.
[[nodiscard]] std::string PercentEncode(std::string_view text);
/// Nothing if a '%' is not followed by two hex digits.
[[nodiscard]] std::optional<std::string> PercentDecode(std::string_view text);

/// "http://h/api" and "/tasks/view/1" → "http://h/api/tasks/view/1": exactly one slash between them.
[[nodiscard]] std::string JoinUrl(std::string_view base, std::string_view path);
/// "a=1&b=%20": both sides encoded.
[[nodiscard]] std::string EncodeFields(const FieldList& fields);
/// The fields of a query or of an application/x-www-form-urlencoded body, decoded ('+' is a blank), order kept;
/// a field without '=' has an empty value. Nothing if an escape is broken or there are more than `max_fields`.
[[nodiscard]] std::optional<FieldList> ParseFields(std::string_view text, std::size_t max_fields = 1'000);

}  // namespace brood::http
