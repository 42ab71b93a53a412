#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brood::rules {

/// Code points of valid UTF-8 text. A byte that belongs to no character stands for itself.
[[nodiscard]] std::u32string CodePoints(std::string_view text);

/// Appends a character as PCRE2 reads it literally, inside or outside of a set.
void AppendLiteral(std::string& pattern, char32_t character);
void AppendLiteral(std::string& pattern, std::u32string_view characters);

}  // namespace brood::rules
