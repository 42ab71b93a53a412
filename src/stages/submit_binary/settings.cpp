#include "stages/submit_binary/submit_binary.hpp"

namespace brood::stages::submit_binary {

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("submit_binary", "Watches a folder and submits the files that are put there.")
      .Path("binary_directory", settings.binary_directory,
            "The watched folder; its sub-folders are watched too.")
      .Text("producer_queue", settings.producer_queue, "The queue that gets a message for each new sample.")
      .Text("failed_queue", settings.failed_queue, "The queue for files that this service gives up.")
      .Text("options", settings.options,
            "The sandbox's `options` field for each sample; json.calls=0 leaves out the list of API calls.")
      .Int("workers", settings.workers, {.min = 1, .max = 256, .unit = "threads"},
           "Batches of files taken in at once.")
      .Int("batch", settings.batch, {.min = 1, .max = 1'000, .unit = "files"},
           "Files taken in together at most: they share the waiting for the disk.")
      .Int("in_hand", settings.in_hand, {.min = 1, .max = 100'000, .unit = "files"},
           "Files taken from a pass at once.")
      .Bytes("max_size", settings.max_size, {.min = 1}, "A larger file is refused.")
      .Duration("scan_every", settings.scan_every, {10ms, 24h}, "How often the folder is looked through.")
      .Duration("settle_for", settings.settle_for, {0ms, 24h},
                "A file changed less long ago is left for the next pass.")
      .Duration(
          "seen_for", settings.seen_for, {0ms, 24h * 3650},
          "Known content, from the folder or the API, is only counted for so long after its last analysis "
          "was taken in; seen later, it is analysed anew. 0 means for ever.");
}

}  // namespace brood::stages::submit_binary
