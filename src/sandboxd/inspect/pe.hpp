#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brood::sandboxd::inspect {

struct PeSection {
  std::string name;
  std::uint32_t virtual_address = 0, virtual_size = 0, raw_offset = 0, raw_size = 0, flags = 0;
  double entropy = 0;  ///< bits a byte, of the raw bytes that are there
};

struct PeFacts {
  std::string machine;          ///< "i386", "amd64", …, else "0x1234"
  std::uint32_t timestamp = 0;  ///< seconds since 1970, as the file claims
  std::string kind;             ///< "exe", "dll" or "sys"
  std::string subsystem;        ///< "windows gui", …
  bool is_64bit = false;
  std::uint64_t entry_point = 0;  ///< relative to the image base
  std::vector<PeSection> sections;
  std::vector<std::string> imports;  ///< names of the DLLs, in order, without repeats
  std::uint64_t overlay_bytes = 0;   ///< behind the last section
};

/// Facts from the headers of a PE file (Microsoft's "PE Format"), or nothing if it is none. Any bytes are safe:
/// what points outside the file is left out; at most 96 sections and 256 imports are read.
[[nodiscard]] std::optional<PeFacts> ReadPe(std::string_view bytes);

}  // namespace brood::sandboxd::inspect
