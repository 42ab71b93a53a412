// How fast reports are read, beside what else could read them, in the same run on the same file.
//   brood_reports [--brood PROGRAM] [MEGABYTES...]      1 and 40 by default; 500 and 2000 take minutes
//   brood_reports --write FILE MEGABYTES                only writes a made-up report, all of its texts
//   different
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "base/file.hpp"
#include "base/unique_fd.hpp"
#include "report/reader.hpp"
#include "report_maker.hpp"
#include "simdjson_reader.hpp"

namespace brood::bench {
namespace {

constexpr std::size_t kChunk = std::size_t{256} << 10U;
constexpr int kRuns = 5, kLongRuns = 3;

using Sink = std::function<void(std::string_view)>;

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

UniqueFd OpenFile(const std::string& file) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throw std::runtime_error("cannot open " + file);
  return fd;
}

void ReadAll(int fd, const Sink& sink) {
  std::vector<char> chunk(kChunk);
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0) throw std::runtime_error("cannot read");
    if (got == 0) return;
    sink({chunk.data(), static_cast<std::size_t>(got)});
  }
}

/// The file through a TCP connection to ourselves, sent by a thread.
void Receive(const std::string& file, const Sink& sink) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.Get(), generic, size) != 0 || ::listen(listener.Get(), 1) != 0 ||
      ::getsockname(listener.Get(), generic, &size) != 0)
    throw std::runtime_error("no socket");
  std::jthread sender([&] {
    const UniqueFd from = OpenFile(file);
    const UniqueFd to(::accept(listener.Get(), nullptr, nullptr));
    while (::sendfile(to.Get(), from.Get(), nullptr, kChunk) > 0) {
    }
  });
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.Get(), generic, size) != 0) throw std::runtime_error("cannot connect");
  ReadAll(socket.Get(), sink);
}

void ReadReport(const std::string& file, std::size_t max_calls,
                void (*source)(const std::string&, const Sink&)) {
  report::Limits limits;
  limits.max_calls = max_calls;
  report::Reader reader(limits);
  source(file, [&](std::string_view bytes) { reader.Feed(bytes); });
  if (!reader.Finish()) throw std::runtime_error("the report is not read");
}

void FromFile(const std::string& file, const Sink& sink) { ReadAll(OpenFile(file).Get(), sink); }

/// Boost.JSON's own parser, told of every value and keeping none.
struct Ignore {
  using Error = boost::system::error_code;
  static constexpr std::size_t max_object_size = ~std::size_t{0}, max_array_size = ~std::size_t{0},
                               max_key_size = ~std::size_t{0}, max_string_size = ~std::size_t{0};
  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return true; }
  bool on_object_end(std::size_t, Error&) { return true; }
  bool on_array_begin(Error&) { return true; }
  bool on_array_end(std::size_t, Error&) { return true; }
  bool on_key_part(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_key(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_string_part(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_string(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_number_part(boost::json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t, boost::json::string_view, Error&) { return true; }
  bool on_uint64(std::uint64_t, boost::json::string_view, Error&) { return true; }
  bool on_double(double, boost::json::string_view, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(boost::json::string_view, Error&) { return true; }
  bool on_comment(boost::json::string_view, Error&) { return true; }
};

void ParseWithBoost(const std::string& file) {
  boost::json::basic_parser<Ignore> parser{boost::json::parse_options{}};
  boost::system::error_code error;
  FromFile(file,
           [&](std::string_view bytes) { (void)parser.write_some(true, bytes.data(), bytes.size(), error); });
  if (error) throw std::runtime_error("Boost.JSON: " + error.message());
}

void LoadWithPython(const std::string& file) {
  if (std::system(("python3 -c 'import json, sys; json.load(open(sys.argv[1]))' " + file).c_str()) != 0)
    throw std::runtime_error("python3 failed");
}

double MedianSeconds(int runs, const std::function<void()>& work) {
  std::vector<double> seconds;
  for (int run = 0; run < runs; ++run) {
    const double begun = Seconds();
    work();
    seconds.push_back(Seconds() - begun);
  }
  std::nth_element(seconds.begin(), seconds.begin() + runs / 2, seconds.end());
  return seconds[static_cast<std::size_t>(runs / 2)];
}

/// Peak memory of a command in MB, its output thrown away. A child begins with this process's memory, so that
/// it must be asked for before there is much.
double Peak(std::vector<std::string> command) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (::wait4(child, &status, 0, &usage) != child || status != 0)
    throw std::runtime_error(command[0] + " failed");
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

/// Bytes of the texts that the document keeps.
double ExtractedMegabytes(const std::string& file) {
  report::Reader reader;
  FromFile(file, [&](std::string_view bytes) { reader.Feed(bytes); });
  const auto read = reader.Finish();
  if (!read) throw std::runtime_error("the report is not read");
  return static_cast<double>(read->report.file_opened.text_bytes() + read->report.regkey_read.text_bytes()) /
         1e6;
}

void ShowMemory(const std::string& program, const std::string& file, std::size_t megabytes) {
  const double peak = Peak({program, "report", "filter", file});
  fmt::print(
      "`brood report filter`, {} MB: peak {:.1f} MB of memory for {:.1f} MB of extracted text; `brood "
      "--version`: {:.1f}\n",
      megabytes, peak, ExtractedMegabytes(file), Peak({program, "--version"}));
}

void Measure(const std::string& file, double megabytes) {
  const int runs_each = megabytes > 100 ? kLongRuns : kRuns;
  const double recv = MedianSeconds(runs_each, [&] { Receive(file, [](std::string_view) {}); });
  const auto print = [&](const char* name, int runs, const std::function<void()>& work) {
    const double seconds = MedianSeconds(runs, work);
    fmt::print("| {} | {:.0f} | {:.3f} |\n", name, megabytes / seconds, recv / seconds);
    std::fflush(stdout);
  };
  fmt::print(
      "\n{:.0f} MB\n\n| | MB/s | of recv() |\n| --- | --- | --- |\n| recv() on a loopback socket | {:.0f} | 1 "
      "|\n",
      megabytes, megabytes / recv);
  print("read() of the cached file", runs_each, [&] { FromFile(file, [](std::string_view) {}); });
  print("the reader, fields only, from the socket", runs_each, [&] { ReadReport(file, 0, Receive); });
  print("the same, with 1,000 API calls listed", runs_each, [&] { ReadReport(file, 1000, Receive); });
  print("the reader, fields only, from the file", runs_each, [&] { ReadReport(file, 0, FromFile); });
  print("the same, with 1,000 API calls listed", runs_each, [&] { ReadReport(file, 1000, FromFile); });
  if (HasSimdjson())
    print("simdjson on-demand, read and the same fields", runs_each, [&] { ReadWithSimdjson(file); });
  print("Boost.JSON basic_parser, nothing kept", runs_each, [&] { ParseWithBoost(file); });
  if (megabytes < 1000) print("Python json.load, its start included", 1, [&] { LoadWithPython(file); });
}

}  // namespace
}  // namespace brood::bench

int main(int argc, char** argv) {
  using namespace brood::bench;
  std::string program;
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--write" && i + 2 < argc) {
      WriteReport(argv[i + 1], std::strtoul(argv[i + 2], nullptr, 10) * 1'000'000, Texts::kAllDifferent);
      return 0;
    }
    if (argument == "--brood" && i + 1 < argc)
      program = argv[++i];
    else
      sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  }
  if (sizes.empty()) sizes = {1, 40};
  const brood::TempDir folder;
  const std::string file = (folder / "report.json").string();
  for (const std::size_t size : sizes) {
    if (program.empty()) break;
    WriteReport(file, size * 1'000'000);
    ShowMemory(program, file, size);
  }
  for (const std::size_t size : sizes) {
    WriteReport(file, size * 1'000'000);
    Measure(file, static_cast<double>(size));
  }
  return 0;
}
