#include "cli/queues.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "cli/programs.hpp"

namespace brood::cli {
namespace {

using Names = std::vector<std::string>;

std::string Urgent(const std::string& feed) { return feed + "/urgent"; }

std::vector<std::pair<std::string_view, Names>> QueuesByService(const Settings& settings) {
  const auto& [submit, feed, check, parse, cleanup, scoring, overseer] =
      std::tie(settings.submit_binary, settings.feed_cuckoo, settings.check_results, settings.parse_and_submit,
               settings.cleanup, settings.blacklist_processor, settings.overseer);
  return {
      {"submit_binary", {Urgent(submit.producer_queue), submit.producer_queue}},
      {"feed_cuckoo",
       {Urgent(feed.consumer_queue), feed.consumer_queue, feed.producer_queue, feed.cleanup_queue,
        feed.failed_queue}},
      {"check_results", {check.consumer_queue, check.producer_queue, check.failed_queue}},
      {"parse_and_submit",
       {parse.consumer_queue, parse.producer_queue, parse.relay_queue, parse.cleanup_queue,
        parse.failed_queue}},
      {kReportHoarder,
       {check.consumer_queue, check.producer_queue, check.failed_queue, parse.consumer_queue,
        parse.producer_queue, parse.relay_queue, parse.cleanup_queue, parse.failed_queue}},
      {"blacklist_processor", {scoring.consumer_queue, scoring.failed_queue}},
      {"cleanup", {cleanup.consumer_queue, cleanup.failed_queue}},
      {"overseer", {overseer.consumer_queue, overseer.feed_queue, overseer.cleanup_queue}},
  };
}

}  // namespace

std::vector<std::string> QueuesConsumed(const Settings& settings) {
  const std::string& feed = settings.feed_cuckoo.consumer_queue;
  return {Urgent(feed),
          feed,
          settings.check_results.consumer_queue,
          settings.parse_and_submit.consumer_queue,
          settings.blacklist_processor.consumer_queue,
          settings.cleanup.consumer_queue,
          settings.overseer.consumer_queue};
}

std::vector<std::string> QueuesOf(std::string_view service, const Settings& settings) {
  Names queues;
  for (const auto& [name, its_queues] : QueuesByService(settings)) {
    if (!service.empty() && name != service) continue;
    for (const std::string& queue : its_queues) {
      if (!queue.empty() && std::ranges::find(queues, queue) == queues.end()) queues.push_back(queue);
    }
  }
  return queues;
}

}  // namespace brood::cli
