#include "stages/check_results/check_results.hpp"

namespace brood::stages::check_results {

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("check_results", "Waits until the sandboxes have finished their tasks.")
      .Text("consumer_queue", settings.consumer_queue, "The queue to take tasks from.")
      .Text("producer_queue", settings.producer_queue,
            "The queue that gets a message for each task that is reported.")
      .Text("failed_queue", settings.failed_queue,
            "The queue for tasks that failed, vanished or took too long.")
      .Choice(
          "interop", settings.interop, {{"brood", model::Interop::kBrood}, {"go", model::Interop::kGo}},
          "Who takes from consumer_queue: brood alone, or a check_results of cuckoo_distributed (go). Then a "
          "task that has not moved for long is not published again.")
      .Int("prefetch_count", settings.prefetch_count, {.min = 1, .max = 1'000'000, .unit = "messages"},
           "Tasks waited for at once.")
      .Int("workers", settings.workers, {.min = 1, .max = 64, .unit = "threads"}, "Tasks looked at at once.")
      .Duration("max_wait", settings.patience.max_wait, {1s, 720h},
                "How long a task may run on top of its own time-out, after it was first seen running.")
      .Duration("default_timeout", settings.patience.default_timeout, {0s, 720h},
                "The sandbox's own time-out, for tasks that were given none.")
      .Duration("max_pending", settings.patience.max_pending, {0s, 8760h},
                "How long a task may wait for a machine; 0 means for ever.")
      .Duration("dead_after", settings.patience.dead_after, {1s, 720h},
                "The tasks of a sandbox that is out of reach for so long are given up and fed again.")
      .Duration("look_every", settings.patience.look_every, {10ms, 1h},
                "How often a waiting task is compared with what is known of its sandbox.");
}

}  // namespace brood::stages::check_results
