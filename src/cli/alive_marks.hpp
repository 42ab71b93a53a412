#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "base/unique_fd.hpp"

namespace brood::cli {

/// Tells other processes on the same state folder that services run in this one, until it is destroyed or the
/// process dies, however that may be: a shared lock (flock) on the file alive/NAME for each. Throws
/// std::runtime_error with a sentence when a file cannot be made.
class AliveMarks {
 public:
  AliveMarks(const std::filesystem::path& state_dir, const std::vector<std::string>& services);

 private:
  std::vector<UniqueFd> files_;
};

/// Which of `services` some process on this machine has a mark for.
[[nodiscard]] std::vector<api::ServiceState> StatesOfMarks(const std::filesystem::path& state_dir,
                                                           const std::vector<std::string>& services);

}  // namespace brood::cli
