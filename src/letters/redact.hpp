#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brood::letters {

// Pure: what of a failed message may be shown. Thread-safe.

/// The values that stand under names like api_key, token or password anywhere in a JSON text, longest first;
/// none of a text that is no JSON.
[[nodiscard]] std::vector<std::string> SecretsIn(std::string_view json_text);

/// `text` with "[secret]" for each of the secrets, and every URL cut down to scheme, host and path: what the
/// original services write as an error holds user names and keys in URLs.
[[nodiscard]] std::string WithoutSecrets(std::string_view text, const std::vector<std::string>& secrets);

/// The message as one JSON value: "[secret]" for what SecretsIn finds, "[n bytes]" for long texts (samples
/// travel in messages), no secrets in URLs. Of a body that is no JSON only its size, as a text.
[[nodiscard]] std::string ShownMessage(std::string_view body);

}  // namespace brood::letters
