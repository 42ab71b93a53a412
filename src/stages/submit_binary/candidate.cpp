#include "stages/submit_binary/candidate.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "model/submission.hpp"

namespace brood::stages::submit_binary {
namespace {

std::string WhatIs(mode_t mode) {
  if (S_ISLNK(mode)) return "a symbolic link";
  if (S_ISFIFO(mode)) return "a fifo";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISBLK(mode) || S_ISCHR(mode)) return "a device";
  return "no regular file";
}

}  // namespace

std::optional<FileFacts> FactsOf(const std::filesystem::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return std::nullopt;
  FileFacts facts;
  if (S_ISREG(info.st_mode))
    facts.kind = FileFacts::Kind::kRegular;
  else if (S_ISDIR(info.st_mode))
    facts.kind = FileFacts::Kind::kFolder;
  else if (S_ISLNK(info.st_mode))
    facts.kind = FileFacts::Kind::kLink;
  if (facts.kind != FileFacts::Kind::kRegular) facts.what = WhatIs(info.st_mode);
  facts.device = info.st_dev;
  facts.inode = info.st_ino;
  facts.size = static_cast<std::uint64_t>(info.st_size);
  facts.mtime_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  facts.ctime_ns = std::int64_t{info.st_ctim.tv_sec} * 1'000'000'000 + info.st_ctim.tv_nsec;
  return facts;
}

bool IsOpenForWriting(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return false;
  // The kernel grants a read lease only while nobody has the file open for writing.
  if (::fcntl(fd.Get(), F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
  ::fcntl(fd.Get(), F_SETLEASE, F_UNLCK);
  return false;
}

Judgement Judge(const FileFacts& facts, const std::optional<FileFacts>& before, std::uint64_t max_size,
                Millis settle_for, Time now) {
  if (facts.kind != FileFacts::Kind::kRegular) return {Readiness::kRefused, "it is " + facts.what};
  if (facts.size > max_size) {
    return {Readiness::kRefused,
            fmt::format("it has {}, more than the limit of {}", HumanBytes(facts.size), HumanBytes(max_size))};
  }
  const bool moving = before && *before != facts;
  const Millis age = now - Time{std::chrono::floor<Millis>(std::chrono::nanoseconds{facts.mtime_ns})};
  const bool fresh = age >= Millis{0} && age < settle_for;
  const bool new_and_of_the_future = !before && age < Millis{0};
  if (moving || fresh || new_and_of_the_future) return {Readiness::kWait, "it is still being written"};
  if (facts.size == 0) return {Readiness::kRefused, "it is empty"};
  return {};
}

std::string SightingOf(const std::filesystem::path& path, const FileFacts& facts) {
  return model::DeriveSubmissionId(fmt::format("file\n{}\n{}\n{}\n{}\n{}", path.string(), facts.device,
                                               facts.inode, facts.mtime_ns, facts.size))
      .Get();
}

}  // namespace brood::stages::submit_binary
