#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/text_list.hpp"

namespace brood::model {

/// The filtered report: the names, order and defaults of the `cuckoo` index's document. Every string is valid
/// UTF-8. `http_ex` holds http_ex then https_ex. `process` is in the report's order, then commands not yet
/// seen.
struct MachineInfo {
  std::string name, label, manager;
  bool operator==(const MachineInfo&) const = default;
};

struct Signature {
  std::string name;
  std::int64_t severity = 0;
  std::string description;
  bool operator==(const Signature&) const = default;
};

struct Process {
  std::string process_name, command_line;
  bool operator==(const Process&) const = default;
};

struct ApiCall {
  std::string name;
  std::int64_t times = 0;
  bool operator==(const ApiCall&) const = default;
};

struct Domain {
  std::string ip, domain;
  bool operator==(const Domain&) const = default;
};

struct Connection {
  std::string src, dst;
  std::int64_t dport = 0;
  bool operator==(const Connection&) const = default;
};

struct HttpRequest {
  std::string uri, user_agent, method, body, host, path;
  bool operator==(const HttpRequest&) const = default;
};

struct HttpExchange {
  std::string src, dst, host;
  std::int64_t dport = 0;
  std::string uri, request, response;
  bool operator==(const HttpExchange&) const = default;
};

/// Something in the report that could not be read: where (a path like "behavior.processes[]"), what, how often.
struct ParseNote {
  std::string path, what;
  std::int64_t times = 1;
  bool operator==(const ParseNote&) const = default;
};

struct Report {
  bool processed = false;
  double score = 0.0;
  std::string date;  ///< UTC "YYYY-MM-DD HH:MM:SS", the sandbox's own
  std::string cuckoo_version, cuckoo_options;
  std::string binary_name, file_type, md5, sha1, sha256, sha512;
  MachineInfo machine_info;
  std::vector<Signature> signature;
  std::int64_t vt_matched = 0;
  TextList file_opened, file_read, file_written, file_deleted;
  TextList regkey_opened, regkey_read, regkey_written, regkey_deleted;
  TextList mutex, dll_loaded;
  TextList dir_created, dir_enumerated, dir_removed;
  std::vector<Process> process;
  std::vector<ApiCall> api_call;
  std::vector<std::string> ip;
  std::vector<Domain> domain;
  std::vector<Connection> tcp, udp;
  std::vector<HttpRequest> http;
  std::vector<HttpExchange> http_ex;
  std::vector<std::string> dead_host;
  TextList string;
  std::vector<ParseNote> parse_notes;

  bool operator==(const Report&) const = default;
};

/// What a stage needs of a raw report besides the document: whose it is, and whether the analysis really ran.
struct ReportFacts {
  std::string custom;               ///< info.custom: our marker stands at its end
  std::int64_t task_id = 0;         ///< info.id
  std::string platform;             ///< info.platform or info.machine.platform, "" if absent
  bool has_behavior = false;        ///< a non-empty behavior.processes, summary or generic was seen
  bool has_sections = false;        ///< at least one section of a report was there: else it is some other JSON
  std::vector<std::string> errors;  ///< debug.errors, at most 20, each at most 1 KiB
  std::uint64_t bytes = 0;          ///< length of the document
};

}  // namespace brood::model
