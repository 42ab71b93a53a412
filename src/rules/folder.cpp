#include "rules/folder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.hpp"

namespace brood::rules {
namespace {

namespace fs = std::filesystem;

/// Sorted by name.
Expected<std::vector<fs::path>, Error> RuleFiles(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == ".json" && !path.filename().string().starts_with('.')) files.push_back(path);
  }
  if (error) return Unexpected(Permanent("cannot read the rule folder " + folder.string(), error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Expected<std::vector<RuleFile>, Error> ReadRuleFolder(const fs::path& folder) {
  const auto paths = RuleFiles(folder);
  if (!paths) return Unexpected(paths.error());
  std::vector<RuleFile> files;
  for (const fs::path& path : *paths) {
    auto text = ReadFile(path, kMaxRuleFile);
    if (!text) return Unexpected(text.error());
    files.push_back({path.filename().string(), std::move(*text)});
  }
  return files;
}

Expected<RuleSet, std::vector<RuleProblem>> LoadFolder(const fs::path& folder, const Options& options) {
  const auto files = ReadRuleFolder(folder);
  if (!files) return Unexpected(std::vector{RuleProblem{folder.string(), {}, {}, Describe(files.error())}});
  return Compile(*files, options);
}

std::string FolderFingerprint(const fs::path& folder) {
  const auto paths = RuleFiles(folder);
  std::string fingerprint;
  if (!paths) return fingerprint;
  for (const fs::path& path : *paths) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    const auto changed = fs::last_write_time(path, error).time_since_epoch().count();
    fingerprint += fmt::format("{} {} {} {}\n", path.filename().string(), size, changed, error.value());
  }
  return fingerprint.empty() ? "no rules" : fingerprint;
}

}  // namespace brood::rules
