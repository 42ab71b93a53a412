#include "report_maker.hpp"

#include <fmt/format.h>

#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace brood::bench {
namespace {

constexpr std::size_t kPool = 4096;

/// Made once and then written in any order: a report of gigabytes is made as fast as it is written.
class Pieces {
 public:
  Pieces() {
    for (std::size_t i = 0; i < kPool; ++i) {
      calls_.push_back(Call());
      keys_.push_back(fmt::format(R"("HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\{}\\{}")", Word(), Word()));
      files_.push_back(fmt::format(R"("C:\\Users\\user\\AppData\\Local\\Temp\\{}.{}")", Word(), Word()));
      unwanted_.push_back(fmt::format(R"({{"name": "{}", "virtual_address": "0x{:08x}", "entropy": {}.25}})",
                                      Word(), random_(), Below(8)));
    }
  }
  const std::string& AnyCall() { return calls_[Below(kPool)]; }
  const std::string& AnyKey() { return keys_[Below(kPool)]; }
  const std::string& AnyFile() { return files_[Below(kPool)]; }
  const std::string& AnyUnwanted() { return unwanted_[Below(kPool)]; }

 private:
  std::uint32_t Below(std::size_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::string Word() {
    std::string word;
    for (std::uint32_t left = 4 + Below(9); left > 0; --left) word += static_cast<char>('a' + Below(26));
    return word;
  }
  std::string Call() {
    static constexpr const char* kNames[] = {
        "NtCreateFile", "NtReadFile", "RegOpenKeyExW",    "LdrGetProcedureAddress",
        "NtClose",      "connect",    "RegQueryValueExW", "NtAllocateVirtualMemory"};
    return fmt::format(
        R"({{"category": "file", "status": {}, "stacktrace": [], "api": "{}", "return_value": {}, "arguments": )"
        R"({{"filepath": "C:\\Windows\\System32\\{}.dll", "file_handle": "0x{:08x}", "desired_access": "0x80100080", )"
        R"("buffer": "{}\u00e9\n{}"}}, "time": 1563000001.{:06}, "tid": {}, "flags": {{"share_access": )"
        R"("FILE_SHARE_READ|FILE_SHARE_WRITE"}}}})",
        Below(2), kNames[Below(8)], Below(1U << 30U), Word(), random_(), Word(), Word(), Below(1'000'000),
        Below(9999));
  }

  std::mt19937 random_{20190713};
  std::vector<std::string> calls_, keys_, files_, unwanted_;
};

class Writer {
 public:
  explicit Writer(const std::filesystem::path& file) : out_(file, std::ios::binary) {}
  void Put(const std::string& text) {
    out_ << text;
    written_ += text.size();
  }
  /// Items of a list, until that many bytes are written.
  void Fill(std::size_t bytes, const auto& next) {
    const std::size_t end = written_ + bytes;
    for (const char* before = ""; written_ < end; before = ", ") {
      Put(before);
      Put(next());
    }
  }
  void Close() {
    out_.close();
    if (!out_) throw std::runtime_error("the made-up report could not be written");
  }

 private:
  std::ofstream out_;
  std::size_t written_ = 0;
};

}  // namespace

void WriteReport(const std::filesystem::path& file, std::size_t bytes, Texts texts) {
  Pieces pieces;
  Writer out(file);
  std::size_t number = 0;
  /// `quoted` with a number of its own before its last quote, if it is to have one.
  const auto told_apart = [&](const std::string& quoted) {
    if (texts == Texts::kSomeThousand) return quoted;
    return fmt::format("{}{}\"", std::string_view(quoted).substr(0, quoted.size() - 1), ++number);
  };
  out.Put(R"({"info": {"version": "2.0.7", "score": 6.4, "ended": 1563000008.5, "machine": {"name": "win7"}}, )"
          R"("static": {"pe_sections": [)");
  out.Fill(bytes * 7 / 100, [&] { return pieces.AnyUnwanted(); });
  out.Put(R"(]}, "behavior": {"summary": {"file_opened": [)");
  out.Fill(bytes * 15 / 1000, [&] { return told_apart(pieces.AnyFile()); });
  out.Put(R"(], "regkey_read": [)");
  out.Fill(bytes * 15 / 1000, [&] { return told_apart(pieces.AnyKey()); });
  out.Put(R"(]}, "processes": [)");
  int pid = 1000;
  constexpr std::size_t kProcesses = 8;
  for (std::size_t i = 0; i < kProcesses; ++i) {
    out.Put(fmt::format(
        R"({}{{"pid": {}, "ppid": {}, "process_name": "a.exe", "command_line": "a.exe /{}", "calls": [)",
        i == 0 ? "" : ", ", pid + 4, pid, i));
    pid += 4;
    out.Fill(bytes * 9 / 10 / kProcesses, [&] { return pieces.AnyCall(); });
    out.Put("]}");
  }
  out.Put("]}}");
  out.Close();
}

}  // namespace brood::bench
