#include "sandboxd/sample_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/unique_fd.hpp"

namespace brood::sandboxd {
Expected<void, Error> MakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (!error) return {};
  return Unexpected(Permanent("cannot make the folder " + folder.string(), error.message()));
}

Expected<void, Error> WriteWhole(const std::filesystem::path& file, std::string_view bytes) {
  static std::atomic<std::uint64_t> number{0};
  const std::string part = file.string() + "." + std::to_string(number++) + ".part";
  const UniqueFd fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (fd && WriteAll(fd.Get(), bytes) && ::rename(part.c_str(), file.c_str()) == 0) return {};
  const std::string why = std::strerror(errno);
  ::unlink(part.c_str());
  return Unexpected(Transient("cannot write " + file.string(), why));
}

Expected<void, Error> SampleFolder::Open(const std::filesystem::path& folder) {
  folder_ = folder;
  return MakeFolder(folder_);
}

Expected<void, Error> SampleFolder::Put(const std::string& sha256, std::string_view bytes) {
  struct stat there {};
  const std::filesystem::path file = PathOf(sha256);
  const bool whole =
      ::stat(file.c_str(), &there) == 0 && static_cast<std::size_t>(there.st_size) == bytes.size();
  if (whole) return {};
  return WriteWhole(file, bytes);
}

}  // namespace brood::sandboxd
