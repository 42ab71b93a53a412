#pragma once

#include <type_traits>

#include "model/report.hpp"

namespace brood::model {

/// `Struct` is `T` or `const T`: one list of fields serves the writer and the reader.
template <class Struct, class T>
concept Is = std::is_same_v<std::remove_const_t<Struct>, T>;

// The stored document's keys in their order: EachField(struct, visit) calls visit(key, member) for each.

void EachField(Is<MachineInfo> auto& x, const auto& visit) {
  visit("name", x.name);
  visit("label", x.label);
  visit("manager", x.manager);
}

void EachField(Is<Signature> auto& x, const auto& visit) {
  visit("name", x.name);
  visit("severity", x.severity);
  visit("description", x.description);
}

void EachField(Is<Process> auto& x, const auto& visit) {
  visit("process_name", x.process_name);
  visit("command_line", x.command_line);
}

void EachField(Is<ApiCall> auto& x, const auto& visit) {
  visit("name", x.name);
  visit("times", x.times);
}

void EachField(Is<Domain> auto& x, const auto& visit) {
  visit("ip", x.ip);
  visit("domain", x.domain);
}

void EachField(Is<Connection> auto& x, const auto& visit) {
  visit("src", x.src);
  visit("dst", x.dst);
  visit("dport", x.dport);
}

void EachField(Is<HttpRequest> auto& x, const auto& visit) {
  visit("uri", x.uri);
  visit("user-agent", x.user_agent);
  visit("method", x.method);
  visit("body", x.body);
  visit("host", x.host);
  visit("path", x.path);
}

void EachField(Is<HttpExchange> auto& x, const auto& visit) {
  visit("src", x.src);
  visit("dst", x.dst);
  visit("host", x.host);
  visit("dport", x.dport);
  visit("uri", x.uri);
  visit("request", x.request);
  visit("response", x.response);
}

void EachField(Is<ParseNote> auto& x, const auto& visit) {
  visit("path", x.path);
  visit("what", x.what);
  visit("times", x.times);
}

void EachIdentity(Is<Report> auto& x, const auto& visit) {
  visit("processed", x.processed);
  visit("score", x.score);
  visit("date", x.date);
  visit("cuckoo_version", x.cuckoo_version);
  visit("cuckoo_options", x.cuckoo_options);
  visit("binary_name", x.binary_name);
  visit("file_type", x.file_type);
  visit("md5", x.md5);
  visit("sha1", x.sha1);
  visit("sha256", x.sha256);
  visit("sha512", x.sha512);
  visit("machine_info", x.machine_info);
  visit("signature", x.signature);
  visit("vt_matched", x.vt_matched);
}

void EachBehaviour(Is<Report> auto& x, const auto& visit) {
  visit("file_opened", x.file_opened);
  visit("file_read", x.file_read);
  visit("file_written", x.file_written);
  visit("file_deleted", x.file_deleted);
  visit("regkey_opened", x.regkey_opened);
  visit("regkey_read", x.regkey_read);
  visit("regkey_written", x.regkey_written);
  visit("regkey_deleted", x.regkey_deleted);
  visit("mutex", x.mutex);
  visit("dll_loaded", x.dll_loaded);
  visit("dir_created", x.dir_created);
  visit("dir_enumerated", x.dir_enumerated);
  visit("dir_removed", x.dir_removed);
  visit("process", x.process);
  visit("api_call", x.api_call);
}

void EachField(Is<Report> auto& x, const auto& visit) {
  EachIdentity(x, visit);
  EachBehaviour(x, visit);
  visit("ip", x.ip);
  visit("domain", x.domain);
  visit("tcp", x.tcp);
  visit("udp", x.udp);
  visit("http", x.http);
  visit("http_ex", x.http_ex);
  visit("dead_host", x.dead_host);
  visit("string", x.string);
  visit("parse_notes", x.parse_notes);
}

}  // namespace brood::model
