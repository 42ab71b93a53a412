#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/section.hpp"
#include "intake/intake.hpp"
#include "metrics/registry.hpp"
#include "samples/samples.hpp"
#include "stage/stage.hpp"

namespace brood::stages::submit_binary {

struct Settings {
  std::filesystem::path binary_directory = "binaries";
  std::string producer_queue = "worker/feed_cuckoo";
  std::string failed_queue = "worker/failed";
  std::string options = "json.calls=0";  ///< Cuckoo's `options` field for every file
  std::size_t workers = 4;
  std::size_t batch = 64;                             ///< files taken in together at most
  std::size_t in_hand = 256;                          ///< files
  std::uint64_t max_size = std::uint64_t{128} << 20;  ///< bytes; a larger file is refused
  Millis scan_every{2'000};
  Millis settle_for{1'000};  ///< a file changed less long ago is left for the next pass
  Millis seen_for{0};        ///< known content is analysed anew when seen so long after its analysis; 0: never
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// Takes files in: the bytes into the sample store, the hash claimed, the message made. Its source is the
/// watched folder (FolderSource), whose Settle deletes the file after the message is durable. Shape of its
/// messages: body = path; header "sighting" as SightingOf gives it. The submission's id is made of the sighting
/// and the content, because a path, an inode and a time may come again with other bytes.
class SubmitBinary final : public stage::Stage {
 public:
  SubmitBinary(intake::Intake& intake, samples::SampleStore& samples, metrics::Registry& metrics);

  [[nodiscard]] std::string Name() const override { return "submit_binary"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  [[nodiscard]] stage::Fate TakenIn(const broker::Message& message, const intake::Intake::Answer& accepted);
  [[nodiscard]] static stage::Fate NotRead(const broker::Message& message, const samples::SampleError& error);

  intake::Intake& intake_;
  samples::SampleStore& samples_;
  metrics::Counter& new_;
  metrics::Counter& counted_;
};

}  // namespace brood::stages::submit_binary
