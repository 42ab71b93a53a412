#include "stages/parse_and_submit/parse_and_submit.hpp"

namespace brood::stages::parse_and_submit {

config::Section Describe(Settings& settings) {
  return config::Section("parse_and_submit", "Fetches reports, reads them and stores the filtered document.")
      .Text("consumer_queue", settings.consumer_queue, "The queue to take reported tasks from.")
      .Text("producer_queue", settings.producer_queue,
            "The queue that gets a message for each stored report; empty means that nothing follows.")
      .Text("cleanup_queue", settings.cleanup_queue, "The queue for tasks to be deleted in the sandbox.")
      .Text("failed_queue", settings.failed_queue, "The queue for messages that this service gives up.")
      .Choice(
          "interop", settings.interop, {{"brood", model::Interop::kBrood}, {"go", model::Interop::kGo}},
          "Who takes from consumer_queue: brood alone, or a parse_and_submit of cuckoo_distributed (go), which "
          "leaves no record. Then a task that has not moved for long is not published again.")
      .Text("relay_queue", settings.relay_queue,
            "The queue of another parse_and_submit with other parsers, which continues the analysis in CRITs; "
            "empty "
            "means that this one ends it.")
      .Int("prefetch_count", settings.prefetch_count, {.min = 1, .max = 10'000, .unit = "messages"},
           "Messages in hand at once.")
      .Int("workers", settings.workers, {.min = 1, .max = 256, .unit = "threads"}, "Reports read at once.")
      .Int("batch", settings.batch, {.min = 1, .max = 1'000, .unit = "reports"},
           "Reports stored together at most; a few are shared out among the workers.")
      .Bytes("hand_on", settings.hand_on, {.min = 0},
             "Memory for reports that blacklist_processor in the same process takes over as they are, without "
             "reading them back from the store; 0 = none.")
      .Bytes("memory", settings.memory, {.min = std::int64_t{1} << 20},
             "Memory for large reports in hand, all workers together. One that finds no room is put down and "
             "read again; one that needs more goes through all the same, one at a time.")
      .Bool("cuckoo_cleanup", settings.cuckoo_cleanup,
            "Deletes the task in the sandbox when its report is stored; frees room there.");
}

}  // namespace brood::stages::parse_and_submit
