#include "crits/parsers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <unordered_set>

#include "crits/literal.hpp"

namespace brood::crits {
namespace {

std::string Text(const std::optional<std::int64_t>& number) { return number ? std::to_string(*number) : ""; }

void Info(const report::ReadResult& read, const ItemSink& sink) {
  Members data;
  data.Add("analysis_id", std::to_string(read.facts.task_id))
      .Add("ended", read.ended)
      .Add("started", read.started);
  const std::string& machine = read.report.machine_info.name;
  sink({"info", machine.empty() ? "FAILED" : machine, data.Take()});
}

void Signatures(const report::ReadResult& read, const ItemSink& sink) {
  for (const model::Signature& signature : read.report.signature) {
    Members data;
    data.Add("name", signature.name).Add("severity", std::to_string(signature.severity));
    sink({"signature", signature.description, data.Take()});
  }
}

void Processes(const report::ReadResult& read, const ItemSink& sink) {
  for (const model::SeenProcess& process : read.processes) {
    Members data;
    data.Add("first_seen", process.first_seen)
        .Add("parent_id", Text(process.parent))
        .Add("process_id", Text(process.id));
    sink({"process", process.name, data.Take()});
  }
}

std::string Arguments(const model::SeenCall& call) {
  std::string list = "[";
  for (const model::CallArgument& argument : call.arguments) {
    if (list.size() > 1) list += ',';
    list += '{' + Members().Add("name", argument.name).Add("value", argument.value).Take() + '}';
  }
  return list + ']';
}

std::string ProcessOf(const report::ReadResult& read, const model::SeenCall& call) {
  if (call.process >= read.processes.size()) return "";
  const model::SeenProcess& process = read.processes[call.process];
  return fmt::format("{} ({})", process.name, Text(process.id));
}

void Calls(const report::ReadResult& read, std::size_t max_calls, const ItemSink& sink) {
  for (std::size_t i = 0; i < std::min(max_calls, read.calls.size()); ++i) {
    const model::SeenCall& call = read.calls[i];
    Members data;
    data.Add("api", call.api)
        .AddLiteral("arguments", Arguments(call))
        .Add("category", call.category)
        .Add("id", call.id)
        .Add("process", ProcessOf(read, call))
        .Add("repeated", call.repeated)
        .Add("return", call.return_value)
        .Add("status", call.status)
        .Add("thread_id", call.thread_id)
        .Add("timestamp", call.timestamp);
    sink({"api_call", call.api, data.Take()});
  }
}

/// The lists one behind the other, each text once.
void Union(std::string_view subtype, std::initializer_list<const model::TextList*> lists,
           const ItemSink& sink) {
  std::unordered_set<std::string_view> seen;
  for (const model::TextList* list : lists) {
    for (const std::string_view text : *list) {
      if (seen.insert(text).second) sink({std::string(subtype), std::string(text), ""});
    }
  }
}

void Behavior(const report::ReadResult& read, std::size_t max_calls, const ItemSink& sink) {
  const model::Report& report = read.report;
  Processes(read, sink);
  Calls(read, max_calls, sink);
  Union(
      "file",
      {&read.file_created, &report.file_opened, &report.file_read, &report.file_written, &report.file_deleted},
      sink);
  Union("registry_key",
        {&report.regkey_opened, &report.regkey_read, &report.regkey_written, &report.regkey_deleted}, sink);
  Union("mutex", {&report.mutex}, sink);
}

}  // namespace

std::string_view Name(Parser parser) {
  switch (parser) {
    case Parser::kInfo:
      return "info";
    case Parser::kSignatures:
      return "signatures";
    case Parser::kBehavior:
      return "behavior";
    case Parser::kDropped:
      return "dropped";
  }
  return "";
}

std::optional<Parser> ParserFrom(std::string_view name) {
  for (const Parser parser : kParsers) {
    if (Name(parser) == name) return parser;
  }
  return std::nullopt;
}

void Parse(Parser parser, const report::ReadResult& read, std::size_t max_calls, const ItemSink& sink) {
  switch (parser) {
    case Parser::kInfo:
      return Info(read, sink);
    case Parser::kSignatures:
      return Signatures(read, sink);
    case Parser::kBehavior:
      return Behavior(read, max_calls, sink);
    case Parser::kDropped:
      return;
  }
}

Item DroppedFile(std::string_view name, std::string_view md5, std::string_view skipped) {
  Members data;
  data.Add("md5", md5);
  if (!skipped.empty()) data.Add("skipped", skipped);
  return {"file_added", std::string(name), data.Take()};
}

}  // namespace brood::crits
