#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brood::cli {

// Programs of the original systems that are no service of brood's by themselves.
inline constexpr auto kReportHoarder = "report_hoarder";  ///< check_results and parse_and_submit as one
inline constexpr auto kApiStart = "api_start";            ///< the API alone

/// Every name that `brood <name>` takes for something that runs until it is stopped: the services, and those
/// above.
[[nodiscard]] const std::vector<std::string>& ProgramNames();

/// Which settings file an installation has.
enum class Installation { kOwn, kDfi };

/// The services that the program `name` is made of, itself first. The DFI blacklisting system has four programs
/// in all, so what brood has services of its own for runs with the one whose work it is: feed_cuckoo with
/// submit_binary, cleanup and overseer with report_hoarder.
[[nodiscard]] std::vector<std::string> ServicesOfProgram(std::string_view name, Installation installation);

}  // namespace brood::cli
