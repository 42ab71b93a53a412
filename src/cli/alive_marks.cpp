#include "cli/alive_marks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace brood::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kFolder = "alive";
constexpr mode_t kOwnersAlone = 0600;

/// The lock lasts as long as the file is open. Blocks only while somebody looks, which is at once over.
UniqueFd Mark(const fs::path& file) {
  UniqueFd opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnersAlone));
  if (!opened) throw std::runtime_error(fmt::format("cannot make {}: {}", file.string(), std::strerror(errno)));
  while (::flock(opened.Get(), LOCK_SH) != 0 && errno == EINTR) {
  }
  return opened;
}

bool IsMarked(const fs::path& file) {
  const UniqueFd opened(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  return opened && ::flock(opened.Get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace

AliveMarks::AliveMarks(const fs::path& state_dir, const std::vector<std::string>& services) {
  const fs::path folder = state_dir / kFolder;
  std::error_code error;
  fs::create_directories(folder, error);
  for (const std::string& service : services) files_.push_back(Mark(folder / service));
}

std::vector<api::ServiceState> StatesOfMarks(const fs::path& state_dir,
                                             const std::vector<std::string>& services) {
  std::vector<api::ServiceState> states;
  for (const std::string& service : services) {
    states.push_back({service, IsMarked(state_dir / kFolder / service), 0});
  }
  return states;
}

}  // namespace brood::cli
