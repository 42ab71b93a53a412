#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brood {

[[nodiscard]] std::string EncodeBase64(std::string_view bytes);
/// Nothing if the text is not base64 (RFC 4648, padded; white space and line breaks are skipped).
[[nodiscard]] std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace brood
