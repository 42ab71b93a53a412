#include "sandboxd/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/file.hpp"
#include "base/log.hpp"

namespace brood::sandboxd {

Journal::~Journal() {
  if (fd_) ::fdatasync(fd_.Get());
}

Expected<void, Error> Journal::Read(const OnLine& on_line) const {
  if (!std::filesystem::exists(file_)) return {};
  std::ifstream in(file_, std::ios::binary);
  if (!in) return Unexpected(Permanent("cannot read the sandbox's journal " + file_.string()));
  std::string line;
  while (std::getline(in, line)) {
    if (in.eof()) {
      log::Warning("the journal's last line is cut and left out", {{"file", file_.string()}});
      break;
    }
    on_line(line);
  }
  return {};
}

Expected<void, Error> Journal::Begin(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (auto written = WriteFileDurably(file_, lines); !written) return written;
  fd_ = UniqueFd(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (fd_) return {};
  return Unexpected(Permanent("cannot open the sandbox's journal " + file_.string(), std::strerror(errno)));
}

Expected<void, Error> Journal::Append(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  struct stat before {};
  ::fstat(fd_.Get(), &before);
  std::string_view rest = lines;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_.Get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const std::string why = std::strerror(errno);
      static_cast<void>(::ftruncate(fd_.Get(), before.st_size));
      return Unexpected(Transient("cannot write the sandbox's journal " + file_.string(), why));
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace brood::sandboxd
