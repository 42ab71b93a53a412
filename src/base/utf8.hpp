#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood {

[[nodiscard]] bool IsUtf8(std::string_view bytes);
/// `bytes` as they are if they are UTF-8; else each byte that belongs to no character becomes U+FFFD.
[[nodiscard]] std::string MakeUtf8(std::string_view bytes);
/// Appends one code point; a surrogate or a number over U+10FFFF becomes U+FFFD.
void AppendUtf8(std::string& out, std::uint32_t code_point);
/// Length in bytes of the valid UTF-8 character at the front of `bytes`; 0 if there is none.
[[nodiscard]] std::size_t Utf8CharacterLength(std::string_view bytes);

}  // namespace brood
