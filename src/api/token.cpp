#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "api/api.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxFile = 1'000;

tl::unexpected<Error> Trouble(const std::string& what, const std::filesystem::path& file) {
  const std::string why = std::strerror(errno);
  return Unexpected(Transient(what + " " + file.string(), why));
}

void WarnIfOthersMayRead(const std::filesystem::path& file) {
  std::error_code error;
  const auto mode = std::filesystem::status(file, error).permissions();
  using std::filesystem::perms;
  if (!error && (mode & (perms::group_all | perms::others_all)) != perms::none) {
    log::Warning("the API's token file is open to other users: chmod 600 it", {{"file", file.string()}});
  }
}

Expected<Secret, Error> Read(const std::filesystem::path& file) {
  const auto text = ReadFile(file, kMaxFile);
  if (!text) return Unexpected(text.error());
  const std::string_view token = TrimAscii(*text);
  const bool printable =
      token.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~+/=") ==
      token.npos;
  if (token.size() < 16 || !printable) {
    return Unexpected(Permanent("the API's token file " + file.string() +
                                " holds no token of at least 16 characters; remove it to have one made"));
  }
  WarnIfOthersMayRead(file);
  return Secret(std::string(token));
}

/// A new file, 0600, whose bytes are on the disk.
Expected<void, Error> WriteNew(const std::filesystem::path& file, std::string_view bytes) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return Trouble("cannot make the file", file);
  const ssize_t written = ::write(fd.Get(), bytes.data(), bytes.size());
  if (written != static_cast<ssize_t>(bytes.size()) || ::fsync(fd.Get()) != 0) {
    return Trouble("cannot write the file", file);
  }
  return {};
}

/// Under a name of its own first, then linked: whoever comes second finds a whole file, never an empty one.
Expected<void, Error> Make(const std::filesystem::path& file) {
  std::error_code ignored;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  const std::filesystem::path draft = file.string() + "." + RandomHex(8);
  auto made = WriteNew(draft, RandomHex(kTokenBytes) + "\n");
  if (made && ::link(draft.c_str(), file.c_str()) != 0 && errno != EEXIST)
    made = Trouble("cannot make the file", file);
  ::unlink(draft.c_str());
  return made;
}

}  // namespace

Expected<Secret, Error> ReadOrMakeToken(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(file, error))) {
    if (auto made = Make(file); !made) return Unexpected(made.error());
  }
  return Read(file);
}

}  // namespace brood::api
