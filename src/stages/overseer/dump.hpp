#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "broker/broker.hpp"
#include "model/messages.hpp"
#include "store/store.hpp"

namespace brood::stages::overseer {

/// Dumped messages: one file each below DumpDir, `<key>.json`, the failure record as the queue had it. Mode
/// 0600, written under a temporary name, synced, renamed: they may hold keys.
[[nodiscard]] std::filesystem::path DumpFile(const std::filesystem::path& dir, const std::string& key);
[[nodiscard]] Expected<void, Error> WriteDump(const std::filesystem::path& dir, const std::string& key,
                                              const model::FailureMessage& failure);

/// With the drafts that killed writers left of it. Of what is not dumped it removes nothing.
[[nodiscard]] Expected<void, Error> RemoveDump(const std::filesystem::path& dir, const std::string& key);

struct Resubmitted {
  std::size_t sent = 0;
  std::vector<Error> problems;  ///< files left where they are
};

/// Sends every dumped message back to its queue with a fresh count and removes its file only after the confirm.
/// `progress` is told after each file how many of how many are done.
[[nodiscard]] Resubmitted ResubmitDumped(const std::filesystem::path& dir, broker::Broker& broker,
                                         store::DeadLetters& letters,
                                         const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace brood::stages::overseer
