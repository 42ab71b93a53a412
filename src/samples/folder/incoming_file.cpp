#include "samples/folder/incoming_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "base/digest.hpp"

namespace brood::samples::folder {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytes = 16;

bool MakeFolder(const fs::path& folder) { return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST; }

}  // namespace

Expected<IncomingFile, int> IncomingFile::Create(const fs::path& folder) {
  fs::path path = folder / RandomHex(kNameBytes);
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) return Unexpected(int{errno});
  return IncomingFile(std::move(fd), std::move(path));
}

IncomingFile::IncomingFile(IncomingFile&& other) noexcept
    : fd_(std::move(other.fd_)), path_(std::exchange(other.path_, fs::path())) {}

IncomingFile& IncomingFile::operator=(IncomingFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

IncomingFile::~IncomingFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Expected<void, int> IncomingFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.Get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Unexpected(int{errno});
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Expected<void, int> IncomingFile::MoveTo(const fs::path& place) {
  bool moved = ::rename(path_.c_str(), place.c_str()) == 0;
  if (!moved && errno == ENOENT) {
    moved = MakeFolder(place.parent_path()) && ::rename(path_.c_str(), place.c_str()) == 0;
  }
  if (!moved) return Unexpected(int{errno});
  path_.clear();
  return {};
}

}  // namespace brood::samples::folder
