#include "report/plain_reader.hpp"

#include <map>
#include <optional>
#include <set>

#include <boost/json/value.hpp>

#include "base/digest.hpp"
#include "report/date.hpp"
#include "report/plain_values.hpp"

namespace brood::report {
namespace {

using namespace plain;  // NOLINT(google-build-using-namespace): they are written for this file
using Texts = std::vector<std::string>;

Texts List(const json::value& from, std::string_view path) {
  Texts texts;
  for (const auto& item : Items(from, path)) {
    if (const auto text = TextOf(item)) texts.push_back(*text);
  }
  return texts;
}

Texts FirstList(const json::value& from, std::string_view first, std::string_view second) {
  return List(from, Get(from, first).is_array() ? first : second);
}

std::string FirstText(const json::value& from, std::string_view first, std::string_view second) {
  return TextOf(Get(from, first)).value_or(Text(from, second));
}

template <class Make>
auto Records(const json::value& from, std::string_view path, const Make& make) {
  std::vector<decltype(make(from))> records;
  for (const auto& item : Items(from, path)) {
    if (item.is_object()) records.push_back(make(item));
  }
  return records;
}

double ScoreOf(const json::value& root) {
  for (const std::string_view path : {"info.score", "malscore", "score"}) {
    const json::value& value = Get(root, path);
    if (value.is_number()) return value.to_number<double>();
  }
  return 0.0;
}

std::string DateOf(const json::value& root) {
  for (const std::string_view path : {"info.machine.shutdown_on", "info.ended"}) {
    const json::value& value = Get(root, path);
    const auto date = value.is_number()   ? DateFromEpoch(value.to_number<double>())
                      : value.is_string() ? DateFromText(value.get_string())
                                          : std::nullopt;
    if (date) return *date;
  }
  return "";
}

std::string OptionsOf(const json::value& root) {
  const json::value& options = Get(root, "info.options");
  if (!options.is_object()) return TextOf(options).value_or("");
  std::string joined;
  for (const auto& [key, value] : options.get_object()) {
    if (value.is_structured()) continue;
    const std::string text =
        value.is_bool() ? (value.get_bool() ? "true" : "false") : TextOf(value).value_or("");
    joined += (joined.empty() ? "" : ",") + std::string(key) + "=" + text;
  }
  return joined;
}

void ReadInfo(const json::value& root, model::Report& report) {
  report.score = ScoreOf(root);
  report.date = DateOf(root);
  report.cuckoo_version = Text(root, "info.version");
  report.cuckoo_options = OptionsOf(root);
  report.machine_info = {FirstText(root, "info.machine.name", "info.machine"), Text(root, "info.machine.label"),
                         Text(root, "info.machine.manager")};
  const auto positives = WholeOf(Get(root, "virustotal.positives"));
  report.vt_matched = positives ? *positives : Whole(root, "virustotal.summary.positives");
  report.signature = Records(root, "signatures", [](const json::value& item) {
    return model::Signature{Text(item, "name"), Whole(item, "severity"), Text(item, "description")};
  });
}

void ReadTarget(const json::value& root, model::Report& report) {
  report.binary_name = FirstText(root, "target.file.name", "target.filename");
  report.file_type = FirstText(root, "target.file.type", "target.filetype");
  report.md5 = FirstText(root, "target.file.md5", "target.md5");
  report.sha1 = FirstText(root, "target.file.sha1", "target.sha1");
  report.sha256 = FirstText(root, "target.file.sha256", "target.sha256");
  report.sha512 = FirstText(root, "target.file.sha512", "target.sha512");
  const std::string url = Text(root, "target.url");
  if (report.sha256.empty() && !url.empty()) report.sha256 = Sha256Hex(url);
  report.string = FirstList(root, "strings", "target.file.strings");
}

void ReadSummary(const json::value& s, model::Report& report) {
  report.file_opened = FirstList(s, "file_opened", "files");
  report.file_read = FirstList(s, "file_read", "read_files");
  report.file_written = FirstList(s, "file_written", "write_files");
  report.file_deleted = FirstList(s, "file_deleted", "delete_files");
  report.regkey_opened = FirstList(s, "regkey_opened", "keys");
  report.regkey_read = FirstList(s, "regkey_read", "read_keys");
  report.regkey_written = FirstList(s, "regkey_written", "write_keys");
  report.regkey_deleted = FirstList(s, "regkey_deleted", "delete_keys");
  report.mutex = FirstList(s, "mutex", "mutexes");
  report.dll_loaded = List(s, "dll_loaded");
  report.dir_created = List(s, "directory_created");
  report.dir_enumerated = List(s, "directory_enumerated");
  report.dir_removed = List(s, "directory_removed");
}

void ReadProcesses(const json::value& root, model::Report& report) {
  report.process = Records(root, "behavior.processes", [](const json::value& item) {
    return model::Process{Text(item, "process_name"), FirstText(item, "command_line", "environ.CommandLine")};
  });
  std::set<std::string> seen;
  for (const auto& process : report.process) seen.insert(process.command_line);
  for (const std::string_view path : {"behavior.summary.executed_commands", "behavior.summary.command_line"}) {
    for (const auto& command : List(root, path)) {
      if (seen.insert(command).second) report.process.push_back({"", command});
    }
  }
}

void ReadCalls(const json::value& root, model::Report& report) {
  std::map<std::string, std::int64_t> times;
  if (const auto* processes = Get(root, "behavior.apistats").if_object()) {
    for (const auto& process : *processes) {
      if (!process.value().is_object()) continue;
      for (const auto& [name, value] : process.value().get_object()) {
        if (const auto whole = WholeOf(value)) times[std::string(name)] += *whole;
      }
    }
  } else {
    for (const auto& process : Items(root, "behavior.processes")) {
      for (const auto& call : Items(process, "calls")) {
        if (const auto name = TextOf(Get(call, "api"))) ++times[*name];
      }
    }
  }
  for (const auto& [name, count] : times) report.api_call.push_back({name, count});
}

void ReadNetwork(const json::value& network, model::Report& report) {
  const auto connection = [](const json::value& item) {
    return model::Connection{Text(item, "src"), Text(item, "dst"), Whole(item, "dport")};
  };
  for (const auto& host : Items(network, "hosts")) {
    if (const auto ip = TextOf(host.is_object() ? Get(host, "ip") : host)) report.ip.push_back(*ip);
  }
  report.domain = Records(network, "domains", [](const json::value& item) {
    return model::Domain{Text(item, "ip"), Text(item, "domain")};
  });
  report.tcp = Records(network, "tcp", connection);
  report.udp = Records(network, "udp", connection);
  report.http = Records(network, "http", [](const json::value& item) {
    return model::HttpRequest{Text(item, "uri"),  Text(item, "user-agent"), Text(item, "method"),
                              Text(item, "body"), Text(item, "host"),       Text(item, "path")};
  });
  for (const std::string_view path : {"http_ex", "https_ex"}) {
    for (auto& exchange : Records(network, path, [](const json::value& item) {
           return model::HttpExchange{Text(item, "src"),     Text(item, "dst"), Text(item, "host"),
                                      Whole(item, "dport"),  Text(item, "uri"), Text(item, "request"),
                                      Text(item, "response")};
         }))
      report.http_ex.push_back(exchange);
  }
  for (const auto& host : Items(network, "dead_hosts")) {
    if (!host.is_array() || host.get_array().empty()) continue;
    if (const auto ip = TextOf(host.get_array()[0])) report.dead_host.push_back(*ip);
  }
}

}  // namespace

model::Report PlainRead(std::string_view document) {
  const json::value root = plain::Parse(document);
  model::Report report;
  ReadInfo(root, report);
  ReadTarget(root, report);
  ReadSummary(Get(root, "behavior.summary"), report);
  ReadProcesses(root, report);
  ReadCalls(root, report);
  ReadNetwork(Get(root, "network"), report);
  return report;
}

}  // namespace brood::report
