#include "stages/overseer/overseer.hpp"

namespace brood::stages::overseer {

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("overseer", "Sends failed messages back, and dumps what fails too often.")
      .Text("consumer_queue", settings.consumer_queue, "The queue that the other services send failures to.")
      .Text("feed_queue", settings.feed_queue, "The queue for submissions whose task was lost.")
      .Text("cleanup_queue", settings.cleanup_queue, "The queue for tasks to be deleted in the sandbox.")
      .Int("prefetch_count", settings.prefetch_count, {.min = 1, .max = 10'000, .unit = "messages"},
           "Messages in hand at once.")
      .Path("dump_dir", settings.dump_dir, "The folder for messages that failed too often.")
      .Int("max_attempts", settings.max_attempts, {.min = 0, .max = 1'000, .unit = "times"},
           "How often a failed message goes back to its queue before it is dumped.")
      .Int("max_refeeds", settings.max_refeeds, {.min = 0, .max = 100, .unit = "times"},
           "How often a submission whose task was lost is fed again.")
      .Duration("first_delay", settings.first_delay, {0ms, 24h},
                "The wait before a failed message goes back first.")
      .Duration("max_delay", settings.max_delay, {0ms, 720h},
                "The longest wait; each one is twice the one before.");
}

}  // namespace brood::stages::overseer
