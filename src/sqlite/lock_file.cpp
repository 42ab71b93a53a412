#include "sqlite/lock_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace brood::sqlite {
namespace {

struct flock ByteLock(short type, std::int64_t byte) {
  struct flock lock {};  // l_pid must be 0 for locks of an open file description
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

int Control(int fd, int command, struct flock& lock) {
  int code = 0;
  do {
    code = ::fcntl(fd, command, &lock);
  } while (code != 0 && errno == EINTR);
  return code;
}

[[noreturn]] void Fail(const char* doing) { throw std::system_error(errno, std::generic_category(), doing); }

}  // namespace

LockFile::LockFile(const std::filesystem::path& path)
    : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (!fd_)
    throw std::runtime_error("cannot open the lock file " + path.string() + ": " + std::strerror(errno));
}

void LockFile::Lock(std::int64_t byte) {
  struct flock lock = ByteLock(F_WRLCK, byte);
  if (Control(fd_.Get(), F_OFD_SETLKW, lock) != 0) Fail("waiting for a lock on a file");
}

bool LockFile::TryLock(std::int64_t byte) {
  struct flock lock = ByteLock(F_WRLCK, byte);
  if (Control(fd_.Get(), F_OFD_SETLK, lock) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  Fail("taking a lock on a file");
}

void LockFile::Unlock(std::int64_t byte) {
  struct flock lock = ByteLock(F_UNLCK, byte);
  Control(fd_.Get(), F_OFD_SETLK, lock);
}

bool LockFile::LockedByAnother(std::int64_t byte) const {
  struct flock lock = ByteLock(F_WRLCK, byte);
  if (Control(fd_.Get(), F_OFD_GETLK, lock) != 0) Fail("asking for a lock on a file");
  return lock.l_type != F_UNLCK;
}

bool LockFile::IsTheFileAtItsPath() const {
  struct stat ours {
  }, there{};
  return ::fstat(fd_.Get(), &ours) == 0 && ::stat(path_.c_str(), &there) == 0 && ours.st_ino == there.st_ino &&
         ours.st_dev == there.st_dev;
}

}  // namespace brood::sqlite
