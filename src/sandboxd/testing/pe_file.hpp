#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood::sandboxd::inspect {

/// Tests: a small PE32 file with one section that holds one import of `dll`, filled up with `filler`.
inline std::string MakePe(std::string_view dll = "KERNEL32.dll", std::string_view filler = {}) {
  std::string file(0x400, '\0');
  const auto put = [&file](std::size_t at, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file[at + i] = static_cast<char>(value >> (8 * i));
  };
  file.replace(0, 2, "MZ");
  put(0x3c, 0x80, 4);
  file.replace(0x80, 2, "PE");
  put(0x84, 0x014c, 2);  // machine
  put(0x86, 1, 2);       // sections
  put(0x88, 1'500'000'000, 4);
  put(0x94, 0xe0, 2);  // size of the optional header
  put(0x98, 0x10b, 2);
  put(0xa8, 0x1000, 4);   // entry point
  put(0xdc, 3, 2);        // subsystem
  put(0x100, 0x1010, 4);  // import directory
  file.replace(0x178, 5, ".text");
  put(0x180, 0x1000, 4);
  put(0x184, 0x1000, 4);
  put(0x188, 0x200 + filler.size(), 4);
  put(0x18c, 0x200, 4);
  put(0x210 + 12, 0x1080, 4);  // the first import's name
  file.replace(0x280, dll.size(), dll);
  return file + std::string(filler);
}

}  // namespace brood::sandboxd::inspect
