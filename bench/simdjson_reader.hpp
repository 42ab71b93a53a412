#pragma once

#include <string>

namespace brood::bench {

/// Whether Debian's libsimdjson-dev was there when this was built.
[[nodiscard]] bool HasSimdjson();
/// Loads a made-up report and takes out of it what our reader does: lists, processes, the calls counted by
/// name.
void ReadWithSimdjson(const std::string& file);

}  // namespace brood::bench
