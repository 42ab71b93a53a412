#include "stages/feed_cuckoo/feed_cuckoo.hpp"

namespace brood::stages::feed_cuckoo {

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  return config::Section("feed_cuckoo", "Uploads samples to the sandboxes.")
      .Text("consumer_queue", settings.consumer_queue, "The queue to take samples from.")
      .Text("producer_queue", settings.producer_queue, "The queue that gets a message for each task made.")
      .Text("cleanup_queue", settings.cleanup_queue, "The queue for tasks to be deleted in the sandbox.")
      .Text("failed_queue", settings.failed_queue, "The queue for messages that this service gives up.")
      .Choice(
          "interop", settings.interop, {{"brood", model::Interop::kBrood}, {"go", model::Interop::kGo}},
          "Who takes from consumer_queue: brood alone, or also a feed_cuckoo of cuckoo_distributed (go). Then "
          "samples travel inside their messages, which broker.max_message bounds, and the marker too.")
      .Int("prefetch_count", settings.prefetch_count, {.min = 1, .max = 10'000, .unit = "messages"},
           "Messages in hand at once, those waiting for a free sandbox among them.")
      .Int("workers", settings.workers, {.min = 1, .max = 256, .unit = "threads"}, "Uploads at once.")
      .Int("batch", settings.batch, {.min = 1, .max = 1'000, .unit = "samples"},
           "Samples a worker takes at once where many wait: their records are written together.")
      .Duration("upload_deadline", settings.upload_deadline, {100ms, 24h},
                "An upload whose answer was lost may still arrive for so long.")
      .Duration("look_again_after", settings.look_again_after, {0ms, 24h},
                "So much longer an upload is waited for before it is done again.")
      .Duration("dead_after", settings.dead_after, {1s, 720h},
                "The unfinished tasks of a sandbox that is down for so long are fed elsewhere.");
}

}  // namespace brood::stages::feed_cuckoo
