#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brood::sandboxd::inspect {

struct ElfFacts {
  std::string machine;              ///< "x86-64", "arm", …, else its number
  std::string type;                 ///< "executable", "shared object", "relocatable", "core", else its number
  std::string interpreter;          ///< of PT_INTERP, "" for none
  std::vector<std::string> needed;  ///< DT_NEEDED, in order
  bool is_64bit = false;
  bool big_endian = false;
  bool stripped = true;  ///< no symbol table
};

/// Facts from the headers of an ELF file (the System V ABI), or nothing if it is none. Any bytes are safe: what
/// points outside the file is left out; at most 256 headers of a kind and 1,024 dynamic entries are read.
[[nodiscard]] std::optional<ElfFacts> ReadElf(std::string_view bytes);

}  // namespace brood::sandboxd::inspect
