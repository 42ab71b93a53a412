#include "stages/cleanup/cleanup.hpp"

namespace brood::stages::cleanup {

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("cleanup", "Deletes finished tasks in the sandboxes.")
      .Text("consumer_queue", settings.consumer_queue, "The queue to take tasks from.")
      .Text("failed_queue", settings.failed_queue, "The queue for messages that cannot be read.")
      .Int("prefetch_count", settings.prefetch_count, {.min = 1, .max = 100'000, .unit = "messages"},
           "Tasks in hand at once, those of a sandbox that is down among them.")
      .Int("workers", settings.workers, {.min = 1, .max = 64, .unit = "threads"}, "Deletions at once.")
      .Duration("retry_every", settings.retry_every, {10ms, 24h},
                "How often a deletion that did not work is tried.");
}

}  // namespace brood::stages::cleanup
