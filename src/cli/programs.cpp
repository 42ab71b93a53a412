#include "cli/programs.hpp"

#include "cli/service.hpp"

namespace brood::cli {

const std::vector<std::string>& ProgramNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = ServiceNames();
    all.insert(all.end(), {kReportHoarder, kApiStart});
    return all;
  }();
  return names;
}

std::vector<std::string> ServicesOfProgram(std::string_view name, Installation installation) {
  const bool dfi = installation == Installation::kDfi;
  if (name == kReportHoarder) {
    std::vector<std::string> services{"check_results", "parse_and_submit"};
    if (dfi) services.insert(services.end(), {"cleanup", "overseer"});
    return services;
  }
  if (name == "submit_binary" && dfi) return {"submit_binary", "feed_cuckoo"};
  return {std::string(name)};
}

}  // namespace brood::cli
