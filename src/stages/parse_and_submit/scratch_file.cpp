#include "stages/parse_and_submit/scratch_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace brood::stages::parse_and_submit {
namespace {

tl::unexpected<Error> Failed(std::string_view what, const std::filesystem::path& where) {
  return Unexpected(Transient(fmt::format("{} in {}", what, where.string()), std::strerror(errno)));
}

}  // namespace

Expected<ScratchFile, Error> ScratchFile::In(const std::filesystem::path& folder) {
  std::error_code ignored;  // told by what follows
  std::filesystem::create_directories(folder, ignored);
  std::string name = folder / "dropped-XXXXXX";
  UniqueFd fd(::mkostemp(name.data(), O_CLOEXEC));  // mode 0600
  if (!fd) return Failed("cannot make a file", folder);
  ::unlink(name.c_str());
  return ScratchFile(std::move(fd));
}

Expected<void, Error> ScratchFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.Get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("cannot keep dropped files", Path());
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::filesystem::path ScratchFile::Path() const { return fmt::format("/proc/self/fd/{}", fd_.Get()); }

}  // namespace brood::stages::parse_and_submit
