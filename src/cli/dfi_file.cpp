#include "cli/dfi_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/ini.hpp"
#include "config/suggest.hpp"

namespace brood::cli {
namespace {

namespace fs = std::filesystem;
using config::IniOption;
using config::Value;

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr auto kName = "config.cfg";
constexpr auto kScoring = "worker/blacklist_processor";

struct Key {
  std::string_view section, name;
};
constexpr std::array kKeys{
    Key{"Servers", "cuckoo_server_ip"},   Key{"Servers", "cuckoo_api_port"},
    Key{"Servers", "cuckoo_token"},       Key{"Servers", "elasticsearch_server_ip"},
    Key{"Servers", "elasticsearch_port"}, Key{"Settings", "api_listen_ip"},
    Key{"Settings", "api_listen_port"},   Key{"Settings", "blacklist_score"},
    Key{"Settings", "binary_directory"},  Key{"Settings", "log_level"},
    Key{"Settings", "state_dir"},
};

/// What the original's programs wait for, and in what groups they ask: constants there, which sites have made
/// settings of.
bool IsOfItsPolling(std::string_view key) {
  constexpr std::array<std::string_view, 6> kParts{"wait", "sleep", "poll", "vms", "vm_", "machine"};
  return std::ranges::any_of(kParts,
                             [key](std::string_view part) { return key.find(part) != std::string_view::npos; });
}

std::optional<int> PortOf(std::string_view text) {
  const auto number = ParseInt(text);
  if (!number || *number < 1 || *number > 65'535) return std::nullopt;
  return static_cast<int>(*number);
}

/// "http://10.0.0.1:9200" of an address, a name, or a URL without a port.
std::string UrlFrom(std::string host, int port) {
  if (host.find("://") == std::string::npos) {
    const bool is_v6 = std::ranges::count(host, ':') > 1 && !host.starts_with('[');
    host = is_v6 ? fmt::format("http://[{}]", host) : "http://" + host;
  }
  while (host.ends_with('/')) host.pop_back();
  return fmt::format("{}:{}", host, port);
}

Value RealOrText(const std::string& text) {
  const auto number = ParseDouble(text);
  return number ? Value{*number} : Value{config::FreeText{text}};
}

Value WholeOrText(const std::string& text) {
  const auto number = ParseInt(text);
  return number ? Value{*number} : Value{config::FreeText{text}};
}

/// Many a program has a config.cfg: one that is found without being named must have the original's heading.
bool LooksLikeOne(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return false;
  const auto text = ReadFile(file, kMostBytes);
  return text && text->find("[Servers]") != std::string::npos;
}

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  OriginalSettings Read(std::string_view text) {
    for (IniOption& option : config::ReadIni(text, file_, read_.problems)) Take(std::move(option));
    Sandbox();
    Engine();
    Set("submit_binary.binary_directory", "binary_directory");
    Set("brood.state_dir", "state_dir");
    Set("rules.blacklist_score", "blacklist_score", RealOrText);
    Set("api.listen_ip", "api_listen_ip",
        [](const std::string& ip) { return Value{ip == "localhost" ? "127.0.0.1" : ip}; });
    Set("api.listen_port", "api_listen_port", WholeOrText);
    LogLevel();
    // Its reports are there to be scored, whatever another file says of CRITs.
    read_.assignments.push_back(
        {"parse_and_submit.producer_queue", std::string(kScoring), {config::Origin::kFile, file_, 0}});
    return std::move(read_);
  }

 private:
  void Take(IniOption option) {
    const auto known = std::ranges::find_if(
        kKeys, [&option](const Key& key) { return key.name == option.key && key.section == option.section; });
    if (known != kKeys.end()) {
      options_[option.key] = std::move(option);
      return;
    }
    read_.warnings.push_back({file_, option.line, option.key, WhyNot(option)});
  }

  static std::string WhyNot(const IniOption& option) {
    if (IsOfItsPolling(option.key)) {
      return "has no effect: finished tasks are found by polling lists, all at once "
             "(sandbox.wait_between_requests, check_results.max_wait)";
    }
    std::vector<std::string> names;
    for (const Key& key : kKeys) {
      if (key.name == option.key) return fmt::format("is left out: it belongs into [{}]", key.section);
      names.emplace_back(key.name);
    }
    return "unknown, it is left out" + config::DidYouMean(option.key, names);
  }

  /// Null where the file does not say it, or says nothing.
  const IniOption* Find(const std::string& key) const {
    const auto found = options_.find(key);
    return found == options_.end() || found->second.value.empty() ? nullptr : &found->second;
  }
  config::Place PlaceOf(const IniOption& option) const {
    return {config::Origin::kFile, fmt::format("{}:{} ({})", file_, option.line, option.key), 0};
  }

  void Set(
      const char* ours, const char* key,
      Value (*as)(const std::string&) = [](const std::string& text) { return Value{text}; }) {
    if (const IniOption* option = Find(key))
      read_.assignments.push_back({ours, as(option->value), PlaceOf(*option)});
  }

  int Port(const char* key, int usual) {
    const IniOption* option = Find(key);
    if (option == nullptr) return usual;
    const auto port = PortOf(option->value);
    if (!port) read_.problems.push_back({file_, option->line, key, "is no port, 1 to 65535"});
    return port.value_or(usual);
  }

  void Sandbox() {
    constexpr int kUsualPort = 8090;
    const int port = Port("cuckoo_api_port", kUsualPort);
    const IniOption* host = Find("cuckoo_server_ip");
    if (host == nullptr) {
      read_.problems.push_back({file_, 0, "cuckoo_server_ip", "is not given: which sandbox is there?"});
      return;
    }
    const config::Place place = PlaceOf(*host);
    read_.assignments.push_back({"sandbox.node[0]", config::TableMark{}, place});
    read_.assignments.push_back({"sandbox.node[0].url", UrlFrom(host->value, port), place});
    Set("sandbox.node[0].token", "cuckoo_token");
  }

  void Engine() {
    constexpr int kUsualPort = 9200;
    const int port = Port("elasticsearch_port", kUsualPort);
    const IniOption* host = Find("elasticsearch_server_ip");
    if (host == nullptr) {
      read_.warnings.push_back({file_, 0, "elasticsearch_server_ip",
                                "is not given: the records are kept in the state folder, without an engine"});
      return;
    }
    const config::Place place = PlaceOf(*host);
    read_.assignments.push_back({"store.kind", std::string("opensearch"), place});
    read_.assignments.push_back({"store.hosts", std::vector{UrlFrom(host->value, port)}, place});
  }

  void LogLevel() {
    const IniOption* option = Find("log_level");
    if (option == nullptr) return;
    constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};
    std::string level = LowerAscii(option->value);
    if (std::ranges::find(kLevels, level) == kLevels.end()) {
      read_.warnings.push_back(
          {file_, option->line, "log_level", "is none of debug, info, warning, error: it is info"});
      level = "info";
    }
    read_.assignments.push_back({"brood.log_level", level, PlaceOf(*option)});
  }

  std::string file_;
  std::map<std::string, IniOption> options_;
  OriginalSettings read_;
};

}  // namespace

bool IsDfiFile(const fs::path& file) { return file.extension() == ".cfg" || file.extension() == ".ini"; }

fs::path FindDfiFile(const fs::path& program) {
  for (const fs::path& candidate : {fs::path(kName), program.parent_path() / kName}) {
    if (LooksLikeOne(candidate)) return candidate;
  }
  return {};
}

OriginalSettings ReadDfiFile(const fs::path& file) {
  const auto text = ReadFile(file, kMostBytes);
  if (!text) {
    OriginalSettings unread;
    unread.problems.push_back({file.string(), 0, "", Describe(text.error())});
    return unread;
  }
  return Reader(file.string()).Read(*text);
}

}  // namespace brood::cli
