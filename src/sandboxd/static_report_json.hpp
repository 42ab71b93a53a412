#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandboxd/inspect/elf.hpp"
#include "sandboxd/inspect/pe.hpp"
#include "sandboxd/inspect/signature.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

/// What the static engine has found out about one task.
struct StaticFindings {
  std::vector<inspect::Signature> signatures;
  std::vector<std::string> strings;
  std::optional<inspect::PeFacts> pe;
  std::optional<inspect::ElfFacts> elf;
  std::vector<std::string> errors;  ///< what could not be looked at
  Time ended{};
};

/// A report shaped as Cuckoo 2.0.7's, without the sections that only a detonation can fill. info.machine and
/// info.brood name the engine, info.platform is "static".
[[nodiscard]] std::string StaticReport(const Task& task, const StaticFindings& findings);

}  // namespace brood::sandboxd
