#include "cli/report_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "cli/table.hpp"
#include "model/report_json.hpp"
#include "report/gzip.hpp"

namespace brood::cli {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::size_t kMaxFiltered = std::size_t{64} << 20;

/// -1 with errno where it cannot be opened.
UniqueFd Open(const std::string& file) {
  return file == "-" ? UniqueFd(::dup(STDIN_FILENO)) : UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
}

std::size_t SizeOf(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode) ? static_cast<std::size_t>(info.st_size) : 0;
}

Expected<void, Error> Pump(int fd, report::Inflater& inflater) {
  std::string chunk(kChunk, '\0');
  const std::size_t all = SizeOf(fd) >> 20;
  Progress progress("reading, MiB");
  std::size_t done = 0;
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unexpected(Transient("cannot be read", std::strerror(errno)));
    if (got == 0) return inflater.Finish();
    if (auto fed = inflater.Feed({chunk.data(), static_cast<std::size_t>(got)}); !fed) return fed;
    done += static_cast<std::size_t>(got);
    if (all > 32) progress.Show(done >> 20, all);
  }
}

}  // namespace

Expected<report::ReadResult, Error> ReadReport(const std::string& file) {
  const UniqueFd fd = Open(file);
  if (!fd) return Unexpected(Permanent("cannot be opened", std::strerror(errno)));
  report::Reader reader;
  report::Inflater inflater([&](std::string_view bytes) { reader.Feed(bytes); });
  if (auto pumped = Pump(fd.Get(), inflater); !pumped) return Unexpected(pumped.error());
  return reader.Finish();
}

Expected<model::Report, Error> ReadRawOrFiltered(const std::string& file) {
  if (file != "-") {
    // A filtered document is ours and strict, so a raw report never passes for one.
    const auto text = ReadFile(file, kMaxFiltered);
    if (text) {
      if (auto filtered = model::ReportFromJson(*text)) return filtered;
    }
  }
  auto read = ReadReport(file);
  if (!read) return Unexpected(read.error());
  return std::move(read->report);
}

}  // namespace brood::cli
