#include "cli/original_files.hpp"

#include <algorithm>
#include <map>

#include "base/file.hpp"
#include "cli/dfi_file.hpp"
#include "config/front_ends.hpp"

namespace brood::cli {
namespace {

namespace fs = std::filesystem;
using config::OriginalKey;
using config::Value;
using Keys = std::vector<OriginalKey>;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::string_view kSuffix = ".conf.json";
constexpr std::string_view kScoring = "worker/blacklist_processor";
constexpr std::string_view kNotSaid = " (not said there)";

Value OnOff(Value value) {
  const bool* flag = std::get_if<bool>(&value);
  return flag == nullptr ? value : Value{std::string(*flag ? "on" : "off")};
}

/// Where stored reports go on to be scored: nowhere, unless the store is among the sinks.
Value QueueOfSinks(Value value) {
  const auto* sinks = std::get_if<std::vector<std::string>>(&value);
  if (sinks == nullptr) return value;
  const bool store = std::ranges::find(*sinks, "store") != sinks->end();
  return std::string(store ? kScoring : std::string_view{});
}

Keys WithCommon(const std::string& service, Keys keys) {
  const Keys common = {{"Amqp", {"broker.url"}},
                       {"ConsumerQueue", {service + ".consumer_queue"}},
                       {"PrefetchCount", {service + ".prefetch_count"}},
                       {"VerifySSL", {"sandbox.verify_ssl", "crits.verify_ssl"}},
                       {"CaFile", {"sandbox.ca_file", "crits.ca_file"}},
                       {"LogFile", {"brood.log_file"}},
                       {"LogLevel", {"brood.log_level"}},
                       {"StateDir", {"brood.state_dir"}},
                       {"CritsURL", {"crits.url"}},
                       {"CuckooToken", {"sandbox.node[0].token"}}};
  keys.insert(keys.begin(), common.begin(), common.end());
  return keys;
}

const std::map<std::string, Keys, std::less<>>& KeysOfServices() {
  static const std::map<std::string, Keys, std::less<>> services = {
      {"feed_cuckoo", WithCommon("feed_cuckoo", {{"ProducerQueue", {"feed_cuckoo.producer_queue"}},
                                                 {"FailedQueue", {"feed_cuckoo.failed_queue"}},
                                                 {"CuckooURL", {"sandbox.node[0].url"}},
                                                 {"CheckFreeSpace", {"sandbox.check_free_space"}, OnOff},
                                                 {"MaxPending", {"sandbox.max_pending"}}})},
      {"check_results",
       WithCommon("check_results", {{"ProducerQueue", {"check_results.producer_queue"}},
                                    {"FailedQueue", {"check_results.failed_queue"}},
                                    {"CuckooURL", {"sandbox.node[0].url"}},
                                    {"WaitBetweenRequests", {"sandbox.wait_between_requests"}}})},
      {"parse_and_submit",
       WithCommon("parse_and_submit",
                  {{"ProducerQueue", {"parse_and_submit.relay_queue"}},
                   {"FailedQueue", {"parse_and_submit.failed_queue", "cleanup.failed_queue"}},
                   {"CuckooURL", {"sandbox.node[0].url"}},
                   {"PushApiCallsMax", {"crits.push_api_calls_max"}},
                   {"CuckooCleanup", {"parse_and_submit.cuckoo_cleanup"}},
                   {"EnabledParsers", {"crits.enabled_parsers"}},
                   {"Sinks", {"parse_and_submit.producer_queue"}, QueueOfSinks}})},
      {"overseer",
       WithCommon("overseer", {{"CuckooURL", {"sandbox.node[0].url"}}, {"DumpDir", {"overseer.dump_dir"}}})},
  };
  return services;
}

bool IsVerify(const config::Assignment& assignment) { return assignment.key == "sandbox.verify_ssl"; }

/// What an original service does without saying so in its file.
config::Assignments Unsaid(std::string_view service, const std::string& file) {
  const config::Place place{config::Origin::kFile, file + std::string(kNotSaid), 0};
  config::Assignments all;
  // These take the sandboxes' URLs from their messages.
  if (service != "feed_cuckoo") all.push_back({"sandbox.allow", std::vector<std::string>{"*"}, place});
  if (service == "parse_and_submit") all.push_back({"parse_and_submit.producer_queue", std::string(), place});
  return all;
}

}  // namespace

const std::vector<std::string>& OriginalServices() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, keys] : KeysOfServices()) all.push_back(name);
    return all;
  }();
  return names;
}

bool IsOriginalFile(const fs::path& file) { return file.extension() == ".json" || IsDfiFile(file); }

bool IsUnsaid(const config::Place& place) { return place.source.ends_with(kNotSaid); }

std::string ServiceOfFile(const fs::path& file) {
  const std::string name = file.filename().string();
  const auto fits = [&name](const std::string& service) { return name.starts_with(service); };
  const auto found = std::ranges::find_if(OriginalServices(), fits);
  return found == OriginalServices().end() ? "" : *found;
}

fs::path FindOriginalFile(std::string_view service, const fs::path& program) {
  if (!KeysOfServices().contains(service)) return FindDfiFile(program);
  const std::string name = std::string(service) + std::string(kSuffix);
  for (const fs::path& candidate : {fs::path(name), program.parent_path() / name}) {
    if (fs::exists(candidate)) return candidate;
  }
  return FindDfiFile(program);
}

OriginalSettings ReadOriginalFile(const fs::path& file, std::string_view service) {
  if (IsDfiFile(file)) return ReadDfiFile(file);
  OriginalSettings read;
  const std::string which = service.empty() ? ServiceOfFile(file) : std::string(service);
  const auto keys = KeysOfServices().find(which);
  if (keys == KeysOfServices().end()) {
    read.problems.push_back({file.string(), 0, "",
                             "its name does not tell which service it is for: call it "
                             "feed_cuckoo.conf.json, check_results.conf.json, "
                             "parse_and_submit.conf.json or overseer.conf.json; config.cfg is for all"});
    return read;
  }
  const auto text = ReadFile(file, kMostBytes);
  if (!text) {
    read.problems.push_back({file.string(), 0, "", Describe(text.error())});
    return read;
  }
  read.assignments = Unsaid(which, file.string());
  for (config::Assignment& said :
       config::ReadOriginalJson(*text, file.string(), keys->second, read.problems, read.warnings)) {
    read.assignments.push_back(std::move(said));
  }
  if (!std::ranges::any_of(read.assignments, IsVerify)) {
    read.warnings.push_back(
        {file.string(), 0, "VerifySSL",
         "is not given: certificates are checked, which cuckoo_distributed did not do then"});
  }
  return read;
}

}  // namespace brood::cli
