#include "cli/settings.hpp"

#include <fmt/format.h>

#include "config/render.hpp"
#include "http/allow_list.hpp"

namespace brood::cli {
namespace {

using namespace std::chrono_literals;
using Speak = sandbox::cuckoo::CuckooSettings::Speak;

config::Section Describe(GeneralSettings& settings) {
  return config::Section("brood", "Where the program keeps its things and how it talks.")
      .Path("state_dir", settings.state_dir,
            "Queue, store, samples and tokens; every service of one installation names the same folder.")
      .Choice("log_level", settings.log_level, {"debug", "info", "warning", "error"},
              "Lines below this are left out.")
      .Text("log_file", settings.log_file,
            "A file that gets the log as well; empty means standard error only.");
}

config::Section DescribeNode(NodeSettings& node) {
  NodeSettings* const bound = &node;
  return config::Section("node", "")
      .Url("url", node.url, "Where it listens, without a slash at the end.")
      .Secret("token", node.token, "Cuckoo's api_token; sent to this URL alone.")
      .Choice("dialect", node.dialect,
              {{"auto", Speak::kAuto}, {"cuckoo1", Speak::kCuckoo1}, {"cuckoo2", Speak::kCuckoo2}},
              "Which Cuckoo it is; auto asks it.")
      .Int("parallel", node.parallel, {.min = 1, .max = 64, .unit = "requests"},
           "Requests at once. Cuckoo serves one at a time; `brood sandbox` takes 8.")
      .Require("url", [bound]() -> std::string { return bound->url.empty() ? "a node needs its url" : ""; });
}

config::Section Describe(SandboxSettings& settings) {
  using FreeSpace = sandbox::FleetSettings::FreeSpace;
  return config::Section("sandbox",
                         "The sandboxes, and how they are watched. Without a node `brood run` starts its own.")
      .Int("max_pending", settings.fleet.max_pending, {.min = 1, .max = 1'000'000, .unit = "tasks"},
           "A node with so many pending tasks gets no more.")
      .Choice("check_free_space", settings.fleet.free_space,
              {{"off", FreeSpace::kIgnore}, {"on", FreeSpace::kCheck}},
              "Whether a node with too little free space gets no more tasks.")
      .Bytes("min_free", settings.fleet.min_free, {.min = 0}, "Too little free space.")
      .Duration("status_every", settings.fleet.status_every, {10ms, 1h},
                "How old a node's known status may be.")
      .Duration("wait_between_requests", settings.watch.every, {10ms, 1h}, "Between two polls of one node.")
      .Duration("stalled_after", settings.watch.stalled_after, {1s, 24h},
                "A node with pending tasks and none running for so long counts as stalled.")
      .TextList("allow", settings.allow,
                "Sandboxes that messages may name without being configured here, by their URLs; \"*\" is any.")
      .Bool("verify_ssl", settings.verify_ssl, "Checks the certificates of sandboxes over https.")
      .Text("ca_file", settings.ca_file, "A private CA in PEM; empty means the system's own trust.")
      .Require("allow",
               [&settings] { return settings.AllowsAny() ? "" : http::AllowList::Complaint(settings.allow); })
      .Each("node", settings.nodes, DescribeNode, "One sandbox; repeat the table for each.");
}

config::Section Describe(RulesSettings& settings) {
  return config::Section("rules", "What decides about the blacklist.")
      .Path("folder", settings.folder,
            "All *.json of this folder are rules; changes take effect by themselves.")
      .Real("blacklist_score", settings.blacklist_score, {.min = -1e9, .max = 1e9},
            "A total of this or more blacklists.")
      .Choice("score_per", settings.score_per,
              {{"rule", rules::ScorePer::kRule}, {"match", rules::ScorePer::kMatch}},
              "Whether a rule object's score counts once, or once for each match as in the original program.")
      .Bool("shipped_whitelist", settings.shipped_whitelist,
            "A new installation's whitelist begins with the one that ships (config/whitelist.txt).");
}

bool GoServicesTakePart(const Settings& settings) {
  constexpr auto kGo = model::Interop::kGo;
  return settings.feed_cuckoo.interop == kGo || settings.check_results.interop == kGo ||
         settings.parse_and_submit.interop == kGo;
}

/// With what the Go services ask of their queue.
config::Section DescribeBroker(Settings& settings) {
  Settings* const bound = &settings;
  return broker::amqp::Describe(settings.broker)
      .Require("url",
               [bound]() -> std::string {
                 const bool fine = !GoServicesTakePart(*bound) || !bound->broker.url.empty();
                 return fine ? ""
                             : "must name the RabbitMQ that the Go services use where an interop is \"go\"";
               })
      .Require("queue_type", [bound]() -> std::string {
        const bool fine =
            !GoServicesTakePart(*bound) || bound->broker.queue_type == broker::QueueType::kClassic;
        return fine ? ""
                    : "must be classic where an interop is \"go\": the Go services declare their queues so";
      });
}

}  // namespace

std::vector<config::Section> Sections(Settings& settings) {
  return {Describe(settings.general),
          DescribeBroker(settings),
          store::opensearch::Describe(settings.store),
          Describe(settings.sandbox),
          Describe(settings.rules),
          feeds::Describe(settings.feeds),
          crits::Describe(settings.crits),
          api::Describe(settings.api),
          stages::submit_binary::Describe(settings.submit_binary),
          stages::feed_cuckoo::Describe(settings.feed_cuckoo),
          stages::check_results::Describe(settings.check_results),
          stages::parse_and_submit::Describe(settings.parse_and_submit),
          stages::cleanup::Describe(settings.cleanup),
          stages::blacklist_processor::Describe(settings.blacklist_processor),
          stages::overseer::Describe(settings.overseer),
          sandboxd::Describe(settings.sandboxd)};
}

std::string SettingsHelp(std::string_view section) {
  Settings defaults;
  for (const config::Section& candidate : Sections(defaults)) {
    if (candidate.Name() != section) continue;
    return fmt::format(
        "Settings, in [{}] of brood.toml, the environment, or here (any command takes them as "
        "--{}.key=value):\n{}",
        section, section, config::RenderHelp(candidate));
  }
  return {};
}

}  // namespace brood::cli
