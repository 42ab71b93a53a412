#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "base/secret.hpp"
#include "broker/amqp/settings.hpp"
#include "config/load.hpp"
#include "config/section.hpp"
#include "crits/settings.hpp"
#include "feeds/settings.hpp"
#include "rules/rule_set.hpp"
#include "sandbox/cuckoo/cuckoo_node.hpp"
#include "sandbox/fleet.hpp"
#include "sandbox/node_watch.hpp"
#include "sandboxd/sandboxd.hpp"
#include "stages/blacklist_processor/blacklist_processor.hpp"
#include "stages/check_results/check_results.hpp"
#include "stages/cleanup/cleanup.hpp"
#include "stages/feed_cuckoo/feed_cuckoo.hpp"
#include "stages/overseer/overseer.hpp"
#include "stages/parse_and_submit/parse_and_submit.hpp"
#include "stages/submit_binary/submit_binary.hpp"
#include "store/opensearch/settings.hpp"

namespace brood::cli {

/// `[brood]`: where the program keeps its things and how it talks.
struct GeneralSettings {
  std::filesystem::path state_dir = "brood-data";
  std::string log_level = "info";
  std::string log_file;
};

/// `[[sandbox.node]]`: one sandbox.
struct NodeSettings {
  std::string url;
  Secret token;
  sandbox::cuckoo::CuckooSettings::Speak dialect = sandbox::cuckoo::CuckooSettings::Speak::kAuto;
  int parallel = 1;  ///< requests at once; over 1 its connections are kept open
};

/// `[sandbox]`: the nodes and how they are watched.
struct SandboxSettings {
  std::vector<NodeSettings> nodes;
  sandbox::FleetSettings fleet;
  sandbox::WatchSettings watch;
  std::vector<std::string> allow;  ///< URLs of nodes that messages may name without their being in `nodes`
  bool verify_ssl = true;
  std::string ca_file;  ///< PEM; empty: the system's own trust

  [[nodiscard]] bool AllowsAny() const { return std::find(allow.begin(), allow.end(), "*") != allow.end(); }
};

/// `[rules]`: what decides about the blacklist.
struct RulesSettings {
  std::filesystem::path folder = "rules";
  double blacklist_score = 2.0;
  rules::ScorePer score_per = rules::ScorePer::kRule;
  bool shipped_whitelist = true;  ///< a whitelist that nobody has touched begins with config/whitelist.txt
};

/// Every setting of the program, with its defaults. One row each in Sections().
struct Settings {
  GeneralSettings general;
  broker::amqp::Settings broker;
  store::opensearch::Settings store;
  SandboxSettings sandbox;
  RulesSettings rules;
  feeds::Settings feeds;
  crits::Settings crits;
  api::Settings api;
  sandboxd::Settings sandboxd;
  stages::submit_binary::Settings submit_binary;
  stages::feed_cuckoo::Settings feed_cuckoo;
  stages::check_results::Settings check_results;
  stages::parse_and_submit::Settings parse_and_submit;
  stages::cleanup::Settings cleanup;
  stages::blacklist_processor::Settings blacklist_processor;
  stages::overseer::Settings overseer;
};

/// The rows, bound to `settings`, in the order of config/brood.toml.
[[nodiscard]] std::vector<config::Section> Sections(Settings& settings);

/// The keys of one section with what they mean, for a command's --help.
[[nodiscard]] std::string SettingsHelp(std::string_view section);

}  // namespace brood::cli
