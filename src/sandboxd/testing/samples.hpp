#pragma once

#include <string>

namespace brood::sandboxd {

/// Tests: the EICAR test file, put together at run time so that scanners leave sources and programs alone.
inline std::string EicarText() {
  std::string text = "X5O!P%@AP[4\\PZX54(P^)7CC)7}";
  text += "$EICAR-STANDARD-ANTIVIRUS";
  return text + "-TEST-FILE!$H+H*";
}

}  // namespace brood::sandboxd
