#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/scan_plan.hpp"

namespace brood::rules {

/// Keeps compiled patterns in a folder of its own (mode 0700, files 0600), since compiling thousands takes
/// seconds and reading them milliseconds. A file is used only if its checksum and its whole key fit, which
/// stands for everything it was compiled from and for; any other is as good as none, and replaced. Not
/// thread-safe; many processes may share a folder.
class ScanCache {
 public:
  /// Keeps nothing.
  ScanCache() = default;
  /// Made when there is something to keep. Empty: keeps nothing.
  explicit ScanCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The plan that was kept for `key`, over so many patterns. `label`, a file name, says what they are.
  [[nodiscard]] std::optional<ScanPlan> Find(const std::string& label, const std::string& key,
                                             std::size_t patterns) const;
  /// Of each label the last few plans are kept.
  void Keep(const std::string& label, const std::string& key, const ScanPlan& plan);

  /// Why something could not be kept, once for each reason.
  [[nodiscard]] const std::vector<std::string>& Problems() const { return problems_; }

 private:
  [[nodiscard]] std::filesystem::path File(const std::string& label, const std::string& key) const;
  void Write(const std::filesystem::path& file, const std::string& key, const ScanPlan& plan);
  [[nodiscard]] bool MakeFolder();
  void RemoveOld(const std::string& label);
  void Problem(std::string what);

  std::filesystem::path folder_;
  std::vector<std::string> problems_;
};

}  // namespace brood::rules
