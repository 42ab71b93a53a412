#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace brood::rules {

/// Nearly all data are, and short: eight bytes at a time, no call.
[[nodiscard]] inline bool IsAscii(std::string_view text) {
  const auto load = [](const char* bytes, auto word) {
    std::memcpy(&word, bytes, sizeof word);
    return std::uint64_t{word};
  };
  std::uint64_t seen = 0;
  const char* const end = text.data() + text.size();
  if (text.size() >= 8) {
    for (std::size_t at = 0; at + 8 < text.size(); at += 8) seen |= load(text.data() + at, std::uint64_t{});
    seen |= load(end - 8, std::uint64_t{});
  } else if (text.size() >= 4) {
    seen = load(text.data(), std::uint32_t{}) | load(end - 4, std::uint32_t{});
  } else {
    for (const char c : text) seen |= static_cast<unsigned char>(c);
  }
  return (seen & 0x8080808080808080U) == 0;
}

}  // namespace brood::rules
