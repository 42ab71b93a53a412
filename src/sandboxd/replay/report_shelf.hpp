#pragma once

#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "sandboxd/replay/recorded_report.hpp"

namespace brood::sandboxd::replay {

/// The recorded reports of a folder, *.json and *.json.gz. Read when they are asked for; those used last stay
/// in memory, up to a bound. Thread-safe after Open.
class ReportShelf {
 public:
  using ReportPtr = std::shared_ptr<const RecordedReport>;

  /// Reads every report once to learn which sample it is about: by its file name's stem if that is a SHA-256,
  /// else by its target.file.sha256. What cannot be read is left out with a line in the log; an empty folder is
  /// an error.
  [[nodiscard]] Expected<void, Error> Open(const std::filesystem::path& folder);

  [[nodiscard]] std::size_t Count() const { return files_.size(); }
  /// The report about this sample, else the one whose turn it is.
  [[nodiscard]] Expected<ReportPtr, Error> Choose(const std::string& sha256, std::uint64_t turn);

 private:
  struct Kept {
    std::size_t file;
    ReportPtr report;
  };
  Expected<ReportPtr, Error> Get(std::size_t file);
  void Keep(std::size_t file, const ReportPtr& report);

  std::vector<std::filesystem::path> files_;  // sorted by name
  std::unordered_map<std::string, std::size_t> by_sha256_;
  std::mutex mutex_;
  std::list<Kept> kept_;  // used last first
  std::size_t kept_bytes_ = 0;
};

}  // namespace brood::sandboxd::replay
