#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/assignment.hpp"
#include "config/problem.hpp"

namespace brood::cli {

// The settings files of cuckoo_distributed, read unchanged: a flat JSON object a service, SERVICE.conf.json.
// Source of the keys: its README. And that of the DFI blacklisting system, one for all of its programs
// (dfi_file.hpp).

/// The services that have such a file.
[[nodiscard]] const std::vector<std::string>& OriginalServices();
[[nodiscard]] bool IsOriginalFile(const std::filesystem::path& file);
/// "feed_cuckoo" for "feed_cuckoo.conf.json" and "feed_cuckoo-2.conf.json"; empty where the name tells none.
[[nodiscard]] std::string ServiceOfFile(const std::filesystem::path& file);
/// The file that a service or any command finds without being told: in the folder it runs in, else beside
/// `program`; a service's own before config.cfg. Empty if there is none.
[[nodiscard]] std::filesystem::path FindOriginalFile(std::string_view service,
                                                     const std::filesystem::path& program);

struct OriginalSettings {
  config::Assignments assignments;
  config::Problems problems;
  config::Problems warnings;  ///< what is left out or means something else than it did
};
/// Whether a value is what the original does where its file does not say it.
[[nodiscard]] bool IsUnsaid(const config::Place& place);
/// `service` may be empty: then the file's name tells it.
[[nodiscard]] OriginalSettings ReadOriginalFile(const std::filesystem::path& file, std::string_view service);

}  // namespace brood::cli
