#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "rules/rule_set.hpp"

namespace brood::rules {

/// A rule file may have this many bytes.
inline constexpr std::size_t kMaxRuleFile = std::size_t{64} << 20;

/// Where the compiled patterns lie below the state folder, for Options::cache_folder.
inline constexpr std::string_view kCacheFolder = "compiled_rules";

/// All `*.json` directly in the folder, by name; hidden files are left out. A folder that cannot be read, or a
/// file, is an error that names it. The files' names are given without the folder.
[[nodiscard]] Expected<std::vector<RuleFile>, Error> ReadRuleFolder(const std::filesystem::path& folder);

/// ReadRuleFolder, then Compile. A folder that cannot be read is one problem.
[[nodiscard]] Expected<RuleSet, std::vector<RuleProblem>> LoadFolder(const std::filesystem::path& folder,
                                                                     const Options& options = {});

/// Names, sizes and times of change of the folder's rule files as one text: it changes when they change. Empty
/// if the folder cannot be read.
[[nodiscard]] std::string FolderFingerprint(const std::filesystem::path& folder);

}  // namespace brood::rules
