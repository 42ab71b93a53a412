#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood::archive::testing {

// Tars by hand, because no packer writes what hostile ones hold.

/// The header's type byte of ustar.
inline constexpr char kFile = '0', kHardLink = '1', kSymLink = '2', kDevice = '3', kFolder = '5',
                      kPaxHeader = 'x', kLongName = 'L';

/// A header of 512 bytes whose sum is right; `size` need not be true.
[[nodiscard]] std::string TarHeader(std::string_view name, std::uint64_t size, char type = kFile,
                                    std::string_view link = "");
/// Header and content, padded.
[[nodiscard]] std::string TarMember(std::string_view name, std::string_view content, char type = kFile,
                                    std::string_view link = "");
[[nodiscard]] std::string TarEnd();

}  // namespace brood::archive::testing
