#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brood {

/// ASCII only; other bytes stay.
[[nodiscard]] std::string LowerAscii(std::string_view text);
[[nodiscard]] bool EqualsIgnoringCase(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view TrimAscii(std::string_view text);
[[nodiscard]] std::vector<std::string_view> Split(std::string_view text, char separator);
/// The whole text as a decimal number, or nothing.
[[nodiscard]] std::optional<std::int64_t> ParseInt(std::string_view text);
[[nodiscard]] std::optional<double> ParseDouble(std::string_view text);
/// At most `max_bytes` of the text, cut at a character, "…" added where something is left out.
[[nodiscard]] std::string Shorten(std::string_view text, std::size_t max_bytes);
/// "1.4 MiB", "512 B".
[[nodiscard]] std::string HumanBytes(std::uint64_t bytes);

}  // namespace brood
