#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "sandboxd/engine.hpp"

namespace brood::sandboxd::replay {

struct ReplayOptions {
  std::filesystem::path reports;  ///< empty: reports are made up
  std::size_t report_bytes = 50'000;
  std::uint64_t seed = 1;
};

/// Answers with recorded or made-up reports: the one about the task's sample, else the one whose turn it is by
/// task id and seed. The report is put together when it is asked for and carries the task's id, custom text and
/// sample. The error says what is wrong with the folder.
[[nodiscard]] Expected<std::unique_ptr<Engine>, Error> MakeReplayEngine(const ReplayOptions& options);

}  // namespace brood::sandboxd::replay
