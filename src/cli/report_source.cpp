#include "cli/report_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "cli/table.hpp"
#include "model/report_json.hpp"
#include "report/gzip.hpp"

namespace brood::cli {
namespace {

constexpr std::size_t kChunk = std::size_t{128} << 10;
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

/// Whether a text that was read as a filtered document is one. A raw report has none of its keys but, in some
/// dialects, the score, which means the same there.
bool SaysSomething(model::Report report) {
  report.score = 0;
  return model::ToJson(report) != model::ToJson(model::Report());
}

/// Every unpacked byte of the file goes to `sink`.
Expected<void, Error> ReadThrough(const std::string& file, const report::Inflater::Sink& sink) {
  const UniqueFd fd = Open(file);
  if (!fd) return Unexpected(Permanent("cannot be opened", std::strerror(errno)));
  report::Inflater inflater(sink);
  return Pump(fd.Get(), inflater);
}

}  // namespace

Expected<report::ReadResult, Error> ReadReport(const std::string& file) {
  report::Reader reader;
  if (auto read = ReadThrough(file, [&](std::string_view bytes) { reader.Feed(bytes); }); !read)
    return Unexpected(read.error());
  return reader.Finish();
}

Expected<model::Report, Error> ReadRawOrFiltered(const std::string& file) {
  report::Reader reader;
  std::string text;
  const auto read = ReadThrough(file, [&](std::string_view bytes) {
    reader.Feed(bytes);
    if (text.size() <= kMaxFiltered) text += bytes;
  });
  if (!read) return Unexpected(read.error());
  if (text.size() <= kMaxFiltered) {
    auto filtered = model::ReportFromJson(text);
    if (filtered && SaysSomething(*filtered)) return filtered;
  }
  auto raw = reader.Finish();
  if (!raw) return Unexpected(raw.error());
  return std::move(raw->report);
}

}  // namespace brood::cli
