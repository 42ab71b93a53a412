#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "broker/broker.hpp"
#include "metrics/registry.hpp"
#include "stages/submit_binary/candidate.hpp"

namespace brood::stages::submit_binary {

/// The watched folder and its sub-folders as a source of work: one delivery for each regular file that has
/// stood still. A symbolic link, device, fifo, empty or too large file is refused with one log line and left
/// where it is; one that is still being written is left for a later pass. Settle publishes, looks whether the
/// file is still the one that was taken, and deletes it. What is taken is known to this process alone: one
/// submit_binary watches a folder.
class FolderSource final : public broker::Source {
 public:
  struct Settings {
    std::filesystem::path folder;
    std::uint64_t max_size;
    Millis scan_every;
    Millis settle_for;
    std::uint64_t most_inline = 0;  ///< where samples travel inside messages: what fits into one; else 0
  };
  FolderSource(Settings settings, broker::Broker& broker, metrics::Registry& metrics, Clock& clock);

  [[nodiscard]] std::vector<broker::Delivery> Take(std::size_t max, Millis wait) override;
  [[nodiscard]] Expected<void, broker::BrokerError> Settle(
      std::span<const broker::Settlement> settlements) override;
  void GiveBack(std::span<const broker::DeliveryId> deliveries) override;
  void Stop() override { stop_.request_stop(); }

 private:
  void Scan();
  void Look(const std::filesystem::path& path);
  void Refuse(const std::filesystem::path& path, const FileFacts& facts, const std::string& why);
  [[nodiscard]] std::vector<broker::Delivery> TakeReady(std::size_t max);
  void Unlink(const std::filesystem::path& path, const FileFacts& taken);

  const Settings settings_;
  broker::Broker& broker_;
  Clock& clock_;
  metrics::Counter& refused_;
  std::stop_source stop_;

  struct Taken {
    std::filesystem::path path;
    FileFacts facts;
  };
  std::mutex mutex_;
  std::uint64_t next_id_ = 1;
  std::map<std::filesystem::path, FileFacts> last_pass_, this_pass_;
  std::vector<Taken> ready_;
  std::map<broker::DeliveryId, Taken> in_hand_;
  std::set<std::filesystem::path> busy_;                          ///< ready or in hand
  std::set<std::string> refused_before_;                          ///< told once: path and inode
  std::map<std::filesystem::path, FileFacts> cannot_be_deleted_;  ///< taken in, and not again until they change
  Time next_scan_{};
};

}  // namespace brood::stages::submit_binary
