#include "sandboxd/replay/made_up_json.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <string_view>

#include <boost/json.hpp>

namespace brood::sandboxd::replay {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 8> kFolders{"C:\\Windows\\System32",
                                                   "C:\\Users\\user\\AppData\\Local\\Temp",
                                                   "C:\\Users\\user\\AppData\\Roaming",
                                                   "C:\\ProgramData",
                                                   "C:\\Program Files\\Common Files",
                                                   "C:\\Windows",
                                                   "C:\\Users\\user\\Desktop",
                                                   "C:\\Users\\user\\Documents"};
constexpr std::array<std::string_view, 8> kEndings{"exe", "dll", "tmp", "dat", "ini", "log", "txt", "db"};
constexpr std::array<std::string_view, 4> kHives{
    "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion", "HKEY_CURRENT_USER\\Software\\Classes",
    "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services", "HKEY_CURRENT_USER\\Control Panel"};
constexpr std::array<std::string_view, 10> kCalls{
    "NtCreateFile", "NtReadFile",    "NtWriteFile", "RegOpenKeyExW",           "RegSetValueExW",
    "LdrLoadDll",   "NtOpenProcess", "connect",     "GetSystemTimeAsFileTime", "NtAllocateVirtualMemory"};
constexpr std::array<std::string_view, 12> kSummaryKeys{
    "file_opened",       "file_read",    "regkey_read",          "file_written",
    "regkey_opened",     "file_created", "regkey_written",       "dll_loaded",
    "directory_created", "mutex",        "directory_enumerated", "file_deleted"};

struct MadeUpSignature {
  std::string_view name, description;
  int severity;
};
constexpr std::array<MadeUpSignature, 5> kSignatures{{
    {"creates_exe", "Creates executable files on the filesystem", 2},
    {"antivm_queries_computername", "Queries for the computername", 1},
    {"persistence_autorun", "Installs itself for autorun at Windows startup", 3},
    {"network_http", "Performs some HTTP requests", 2},
    {"dropper", "Drops a binary and executes it", 2},
}};

/// Everything is drawn from here, and with nothing but this generator's own numbers, which are the same
/// everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : numbers_(seed) {}

  std::uint64_t Below(std::uint64_t limit) { return numbers_() % limit; }
  template <class Table>
  const auto& Of(const Table& table) {
    return table[Below(table.size())];
  }
  std::string Word() {
    std::string word;
    for (std::uint64_t left = 4 + Below(9); left > 0; --left) word += static_cast<char>('a' + Below(26));
    return word;
  }
  std::string Path() { return fmt::format("{}\\{}.{}", Of(kFolders), Word(), Of(kEndings)); }
  std::string Key() { return fmt::format("{}\\{}\\{}", Of(kHives), Word(), Word()); }
  /// From the networks that are set aside for documentation.
  std::string Address() { return fmt::format("198.51.100.{}", 1 + Below(254)); }
  std::string Host() { return fmt::format("{}.example.{}", Word(), Below(2) == 0 ? "com" : "org"); }

 private:
  std::mt19937_64 numbers_;
};

json::object Info(Dice& dice) {
  const double score = static_cast<double>(dice.Below(101)) / 10.0;
  return {{"added", 1563000000.5},
          {"started", 1563000001.25},
          {"ended", 1563000008.5},
          {"duration", 7},
          {"score", score},
          {"category", "file"},
          {"package", "exe"},
          {"platform", "windows"},
          {"route", "none"},
          {"options", ""},
          {"machine",
           {{"status", "stopped"},
            {"name", "replay"},
            {"label", "replay"},
            {"manager", "brood replay engine"},
            {"started_on", "2019-07-13 06:40:01"},
            {"shutdown_on", "2019-07-13 06:40:08"}}},
          {"version", "2.0.7"},
          {"made_up", true}};
}

json::array Signatures(Dice& dice) {
  json::array signatures;
  for (const MadeUpSignature& signature : kSignatures) {
    if (dice.Below(2) == 0) continue;
    signatures.push_back({{"name", signature.name},
                          {"severity", signature.severity},
                          {"description", signature.description},
                          {"families", json::array()},
                          {"markcount", 0},
                          {"marks", json::array()}});
  }
  return signatures;
}

json::object Process(Dice& dice, int number) {
  const std::string path = dice.Path();
  return {{"pid", 1'000 + 4 * number},
          {"ppid", 1'000},
          {"process_name", path.substr(path.rfind('\\') + 1)},
          {"process_path", path},
          {"command_line", fmt::format("\"{}\" /{}", path, dice.Word())},
          {"first_seen", 1563000001.5 + number},
          {"track", true},
          {"calls", json::array()}};
}

json::object Network(Dice& dice) {
  json::array hosts, domains, tcp, http;
  for (int i = 0; i < 4; ++i) {
    const std::string address = dice.Address(), host = dice.Host();
    hosts.emplace_back(address);
    domains.push_back({{"ip", address}, {"domain", host}});
    tcp.push_back({{"src", "192.168.56.101"}, {"dst", address}, {"sport", 49'152 + i}, {"dport", 80}});
    http.push_back({{"uri", fmt::format("http://{}/{}", host, dice.Word())},
                    {"user-agent", "Mozilla/5.0"},
                    {"method", "GET"},
                    {"body", ""},
                    {"host", host},
                    {"path", "/" + dice.Word()}});
  }
  return {{"hosts", hosts},       {"domains", domains}, {"tcp", tcp},
          {"udp", json::array()}, {"http", http},       {"dead_hosts", json::array()}};
}

json::object Behavior(Dice& dice, std::size_t bytes) {
  json::object summary, calls;
  std::size_t written = 0;
  for (std::size_t i = 0; written < bytes; ++i) {
    const std::string_view name = kSummaryKeys[i % kSummaryKeys.size()];
    std::string value = name.starts_with("regkey") ? dice.Key() : name == "mutex" ? dice.Word() : dice.Path();
    written += value.size() + 8;
    json::value& list = summary[name];
    if (!list.is_array()) list.emplace_array();
    list.get_array().emplace_back(std::move(value));
  }
  for (const std::string_view call : kCalls) calls[call] = 1 + dice.Below(500);
  json::array processes;
  for (int i = 0; i < 3; ++i) processes.push_back(Process(dice, i));
  return {{"generic", json::array()},
          {"summary", summary},
          {"apistats", {{"1000", calls}}},
          {"processes", processes}};
}

}  // namespace

std::string MadeUpReport(std::uint64_t seed, std::size_t bytes) {
  Dice dice(seed);
  json::object report{{"info", Info(dice)}, {"target", {{"category", "file"}, {"file", {{"type", "data"}}}}}};
  report["signatures"] = Signatures(dice);
  report["network"] = Network(dice);
  report["dropped"] = json::array();
  report["debug"] = {{"log", json::array()}, {"errors", json::array()}};
  const std::size_t fixed = json::serialize(report).size() + 2'000;
  const std::size_t rest = bytes > fixed ? bytes - fixed : 0;
  report["behavior"] = Behavior(dice, rest * 2 / 3);
  json::array strings;
  for (std::size_t written = 0; written < rest / 3;) {
    strings.emplace_back(dice.Word() + " " + dice.Word());
    written += strings.back().get_string().size() + 4;
  }
  report["strings"] = std::move(strings);
  return json::serialize(report);
}

}  // namespace brood::sandboxd::replay
