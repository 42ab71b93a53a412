#include "stages/blacklist_processor/blacklist_processor.hpp"

namespace brood::stages::blacklist_processor {

config::Section Describe(Settings& settings) {
  return config::Section("blacklist_processor",
                         "Scores stored reports with the rules and writes the blacklist.")
      .Text("consumer_queue", settings.consumer_queue, "The queue to take stored reports from.")
      .Text("failed_queue", settings.failed_queue, "The queue for messages that this service gives up.")
      .Int("prefetch_count", settings.prefetch_count, {.min = 1, .max = 10'000, .unit = "messages"},
           "Messages in hand at once.")
      .Int("workers", settings.workers, {.min = 1, .max = 64, .unit = "threads"}, "Batches scored at once.")
      .Int("batch", settings.batch, {.min = 1, .max = 1'000, .unit = "reports"},
           "Reports scored together at most.");
}

}  // namespace brood::stages::blacklist_processor
