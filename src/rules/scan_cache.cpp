#include "rules/scan_cache.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/digest.hpp"
#include "base/file.hpp"

namespace brood::rules {
namespace {

namespace fs = std::filesystem;

// A file: this line, the plan's key, the SHA-256 of the rest in hex, a line each, then the plan's bytes.
constexpr std::string_view kMagic = "brood compiled rules 1\n";
constexpr std::string_view kEnding = ".scan";
constexpr std::size_t kLargestFile = std::size_t{1} << 30;
constexpr std::size_t kKeptOfALabel = 3;
constexpr std::chrono::hours kUnfinished{1};

std::string Header(const std::string& key, std::string_view bytes) {
  return fmt::format("{}{}\n{}\n", kMagic, key, Sha256Hex(bytes));
}

/// Nobody else may write what becomes part of this program's automata.
bool IsOursAlone(const fs::path& path, mode_t type) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IFMT) == type &&
         facts.st_uid == ::geteuid() && (facts.st_mode & 077U) == 0;
}

}  // namespace

fs::path ScanCache::File(const std::string& label, const std::string& key) const {
  return folder_ / fmt::format("{}.{}{}", label, key.substr(0, 16), kEnding);
}

void ScanCache::Keep(const std::string& label, const std::string& key, const ScanPlan& plan) {
  if (folder_.empty() || plan.places.empty()) return;
  Write(File(label, key), key, plan);
  RemoveOld(label);
}

std::optional<ScanPlan> ScanCache::Find(const std::string& label, const std::string& key,
                                        std::size_t patterns) const {
  if (folder_.empty()) return std::nullopt;
  const fs::path file = File(label, key);
  if (!IsOursAlone(folder_, S_IFDIR) || !IsOursAlone(file, S_IFREG)) return std::nullopt;
  const auto text = ReadFile(file, kLargestFile);
  const std::size_t header_size = Header(key, {}).size();
  if (!text || text->size() < header_size) return std::nullopt;
  const std::string_view bytes = std::string_view(*text).substr(header_size);
  if (!text->starts_with(Header(key, bytes))) return std::nullopt;
  auto plan = ScanPlan::FromBytes(bytes, patterns);
  std::error_code ignored;  // a file that is in use is not old
  if (plan) fs::last_write_time(file, fs::file_time_type::clock::now(), ignored);
  return plan;
}

void ScanCache::Write(const fs::path& file, const std::string& key, const ScanPlan& plan) {
  const auto bytes = plan.ToBytes();
  if (!bytes) return Problem("compiled rules cannot be written by Hyperscan");
  if (!MakeFolder()) return;
  const auto written = WriteFileDurably(file, Header(key, *bytes) + *bytes);
  if (!written) Problem("compiled rules are not kept: " + Describe(written.error()));
}

bool ScanCache::MakeFolder() {
  std::error_code error;
  if (fs::create_directories(folder_, error)) fs::permissions(folder_, fs::perms::owner_all, error);
  if (error) return Problem("compiled rules are not kept: " + error.message()), false;
  if (IsOursAlone(folder_, S_IFDIR)) return true;
  Problem("compiled rules are not kept: the folder must be ours, with mode 0700");
  return false;
}

void ScanCache::RemoveOld(const std::string& label) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code gone;
    const auto written = fs::last_write_time(entry->path(), gone);
    if (name.starts_with(label + ".") && name.ends_with(kEnding)) files.emplace_back(written, entry->path());
    // What a process left that was killed while it wrote.
    const bool unfinished =
        name.starts_with("." + label + ".") && written < fs::file_time_type::clock::now() - kUnfinished;
    if (unfinished) fs::remove(entry->path(), gone);
  }
  std::sort(files.rbegin(), files.rend());
  for (std::size_t i = kKeptOfALabel; i < files.size(); ++i) fs::remove(files[i].second, error);
}

void ScanCache::Problem(std::string what) {
  if (std::find(problems_.begin(), problems_.end(), what) == problems_.end()) {
    problems_.push_back(std::move(what));
  }
}

}  // namespace brood::rules
