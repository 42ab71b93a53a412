#include "samples/folder/source_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace brood::samples::folder {
namespace {

constexpr std::size_t kMaxPiece = std::size_t{256} << 10;

SampleError CannotOpen(const std::string& name, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {Errc::kUnknown, fmt::format("there is no file {}", name)};
    case ELOOP:
      return {Errc::kRefused, fmt::format("{} is a symbolic link and is not followed", name)};
    case ENXIO:
      return {Errc::kRefused, fmt::format("{} is not a regular file", name)};
    default:
      return {Errc::kUnavailable, fmt::format("cannot open {}: {}", name, std::strerror(error))};
  }
}

}  // namespace

Expected<SourceFile, SampleError> SourceFile::Open(const std::filesystem::path& path) {
  std::string name = path.string();
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) return Unexpected(CannotOpen(name, errno));
  struct stat info {};
  if (::fstat(fd.Get(), &info) != 0) return Unexpected(CannotOpen(name, errno));
  if (!S_ISREG(info.st_mode)) return Unexpected(CannotOpen(name, ENXIO));
  const auto size = static_cast<std::size_t>(info.st_size);
  return SourceFile(std::move(fd), std::move(name), std::clamp<std::size_t>(size, 1, kMaxPiece));
}

Expected<std::string_view, SampleError> SourceFile::Read() {
  for (;;) {
    const ssize_t got = ::read(fd_.Get(), buffer_.data(), buffer_.size());
    if (got >= 0) return std::string_view(buffer_).substr(0, static_cast<std::size_t>(got));
    if (errno == EINTR) continue;
    return Unexpected(
        SampleError{Errc::kUnavailable, fmt::format("cannot read {}: {}", name_, std::strerror(errno))});
  }
}

}  // namespace brood::samples::folder
