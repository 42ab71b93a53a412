#include "base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/unique_fd.hpp"

namespace brood {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> Failed(const char* doing, const fs::path& path) {
  return Unexpected(Transient(fmt::format("cannot {} {}", doing, path.string()), std::strerror(errno)));
}

Expected<void, Error> SyncFolder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.Get()) != 0) return Failed("sync the folder", folder);
  return {};
}

}  // namespace

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Expected<std::string, Error> ReadFile(const fs::path& path, std::size_t max_bytes) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return Failed("open", path);
  std::string bytes;
  std::string chunk(std::size_t{1} << 16, '\0');
  for (;;) {
    const ssize_t got = ::read(fd.Get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path);
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > max_bytes) {
      return Unexpected(Permanent(fmt::format("{} is larger than {} bytes", path.string(), max_bytes)));
    }
    bytes.append(chunk, 0, static_cast<std::size_t>(got));
  }
}

Expected<void, Error> WriteFileDurably(const fs::path& path, std::string_view bytes) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const fs::path temporary = folder / fmt::format(".{}.{}", path.filename().string(), RandomHex(6));
  {
    const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) return Failed("create", temporary);
    if (!WriteAll(fd.Get(), bytes) || ::fsync(fd.Get()) != 0) {
      auto failure = Failed("write", temporary);
      ::unlink(temporary.c_str());
      return failure;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return Failed("rename to", path);
  return SyncFolder(folder);
}

TempDir::TempDir() {
  std::string name = (fs::temp_directory_path() / "brood-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder at " + name);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace brood
