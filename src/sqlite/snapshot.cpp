#include "sqlite/snapshot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "base/unique_fd.hpp"
#include "sqlite/connection.hpp"

namespace brood::sqlite {
namespace {

namespace fs = std::filesystem;

/// Made empty by us, since SQLite would make it readable for others.
Result<void> MakeEmpty(const fs::path& file) {
  const UniqueFd made(::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (made.Get() >= 0) return {};
  return Unexpected(
      SqliteError{Errc::kOther, fmt::format("cannot make {}: {}", file.string(), std::strerror(errno))});
}

/// VACUUM INTO syncs nothing by itself.
Result<void> SyncAll(const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.Get() >= 0 && folder.Get() >= 0 && ::fsync(fd.Get()) == 0 && ::fsync(folder.Get()) == 0) return {};
  return Unexpected(
      SqliteError{Errc::kOther, fmt::format("cannot sync {}: {}", file.string(), std::strerror(errno))});
}

Result<void> Copy(const fs::path& from, const fs::path& to) {
  try {
    Connection connection(from, Mode::kReadWrite);
    return connection.Prepare("VACUUM INTO ?").Bind(1, std::string_view(to.native())).Run();
  } catch (const std::runtime_error& error) {
    return Unexpected(SqliteError{Errc::kOther, error.what()});
  }
}

}  // namespace

Result<void> CopySnapshot(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  if (!fs::exists(from, ignored)) {  // opening it would make it
    return Unexpected(SqliteError{Errc::kOther, fmt::format("there is no database {}", from.string())});
  }
  if (auto made = MakeEmpty(to); !made) return made;
  auto done = Copy(from, to);
  if (done) done = SyncAll(to);
  if (!done) fs::remove(to, ignored);
  return done;
}

}  // namespace brood::sqlite
