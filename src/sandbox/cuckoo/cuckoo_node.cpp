#include "sandbox/cuckoo/cuckoo_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "base/log.hpp"
#include "http/url.hpp"
#include "sandbox/cuckoo/answers_json.hpp"
#include "sandbox/cuckoo/dates.hpp"
#include "sandbox/cuckoo/form.hpp"

namespace brood::sandbox::cuckoo {
namespace {

using Speak = CuckooSettings::Speak;

Dialect DialectOf(std::string_view version) {
  return version.starts_with("1.") || version.starts_with("0.") ? Dialect::kCuckoo1 : Dialect::kCuckoo2;
}

CuckooSettings Checked(CuckooSettings settings) {
  const auto url = http::ParseUrl(settings.url.Get());
  const std::string shown = http::ShownUrl(settings.url.Get());
  if (!url) throw std::invalid_argument("sandbox URL " + shown + ": " + url.error());
  if (!url->user_info.empty() || !url->query.empty()) {
    throw std::invalid_argument("sandbox URL " + shown + " must not hold a user, a password or a query");
  }
  settings.parallel = std::max(1, settings.parallel);
  return settings;
}

std::string ListPath(const ListQuery& query, Dialect dialect) {
  std::string path = "/tasks/list";
  const bool paged = dialect == Dialect::kCuckoo2 && query.limit != 0;
  if (paged) path += fmt::format("/{}", query.limit);
  if (paged && query.offset != 0) path += fmt::format("/{}", query.offset);
  http::FieldList fields;
  if (query.state) fields.emplace_back("status", Name(*query.state));
  if (query.completed_after) fields.emplace_back("completed_after", std::to_string(*query.completed_after));
  if (dialect == Dialect::kCuckoo2 && !query.owner.empty()) fields.emplace_back("owner", query.owner);
  return fields.empty() ? path : path + "?" + http::EncodeFields(fields);
}

/// Applies here what was not asked of the server.
void CutPage(std::vector<TaskRow>& rows, const ListQuery& query, Dialect dialect) {
  if (dialect == Dialect::kCuckoo2 && query.limit != 0) return;
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, rows.size())));
  if (query.limit != 0 && rows.size() > query.limit) rows.resize(query.limit);
}

}  // namespace

CuckooNode::CuckooNode(CuckooSettings settings, std::shared_ptr<http::Client> client)
    : settings_(Checked(std::move(settings))),
      client_(std::move(client)),
      gate_(settings_.parallel),
      dialect_(settings_.dialect == Speak::kCuckoo2 ? Dialect::kCuckoo2 : Dialect::kCuckoo1),
      knows_dialect_(settings_.dialect != Speak::kAuto) {}

CallName CuckooNode::Name(std::string call, Manner manner) const {
  return {settings_.url.Get(), std::move(call), manner};
}

http::Request CuckooNode::Get(const std::string& path) const {
  http::Request request;
  request.url = http::JoinUrl(settings_.url.Get(), path);
  if (!settings_.token.Empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + settings_.token.Reveal());
  }
  request.deadlines = {settings_.connect, settings_.call, settings_.call};
  request.max_body = settings_.max_answer;
  return request;
}

Result<http::Response> CuckooNode::Perform(const CallName& name, const http::Request& request,
                                           const Exchange& exchange, const std::stop_token& stop) {
  const Gate::Pass pass(gate_, stop);
  if (!pass) return Unexpected(FromTransport(name, {http::Errc::kStopped, "stopped", http::Reached::kNo}));
  const auto begin = std::chrono::steady_clock::now();
  auto response = exchange(request);
  const auto took = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begin);
  log::Debug("sandbox call", {{"node", name.node}, {"call", name.call}, {"ms", took.count()}});
  if (!response) return Unexpected(FromTransport(name, response.error()));
  if (!response->Ok()) return Unexpected(FromStatus(name, *response));
  return std::move(*response);
}

Result<http::Response> CuckooNode::Ask(const CallName& name, const http::Request& request,
                                       const std::stop_token& stop) {
  const Exchange once_more = [this, &stop](const http::Request& asked) {
    auto response = client_->Send(asked, stop);
    const bool broke = !response && response.error().code == http::Errc::kClosed;
    return broke ? client_->Send(asked, stop) : std::move(response);
  };
  return Perform(name, request, once_more, stop);
}

void CuckooNode::Remember(model::TaskId task) {
  std::int64_t newest = newest_;
  while (newest < task.Get() && !newest_.compare_exchange_weak(newest, task.Get())) {
  }
}

Result<Dialect> CuckooNode::Learn(const std::stop_token& stop) {
  if (!knows_dialect_) {
    if (auto status = Status(stop); !status) return Unexpected(std::move(status.error()));
  }
  return dialect_.load();
}

Result<NodeStatus> CuckooNode::Status(std::stop_token stop) {
  const CallName name = Name("status", Manner::kAsks);
  const auto response = Ask(name, Get("/cuckoo/status"), stop);
  if (!response) return Unexpected(response.error());
  auto status = ReadStatus(response->body);
  if (!status) return Unexpected(FromBadBody(name, status.error(), response->body));
  status->clock = ParseDate(http::Find(response->headers, "Date").value_or(""));
  if (settings_.dialect == Speak::kAuto && !status->version.empty()) {
    dialect_ = DialectOf(status->version);
    knows_dialect_ = true;
  }
  return std::move(*status);
}

Result<std::vector<TaskRow>> CuckooNode::List(const ListQuery& query, std::stop_token stop) {
  const auto dialect = Learn(stop);
  if (!dialect) return Unexpected(dialect.error());
  const std::string which = query.state ? " " + std::string(sandbox::Name(*query.state)) : "";
  const CallName name = Name("list" + which + " tasks", Manner::kAsks);
  const auto response = Ask(name, Get(ListPath(query, *dialect)), stop);
  if (!response) return Unexpected(response.error());
  auto rows = ReadTasks(response->body);
  if (!rows) return Unexpected(FromBadBody(name, rows.error(), response->body));
  for (const TaskRow& row : *rows) Remember(row.id);
  CutPage(*rows, query, *dialect);
  return std::move(*rows);
}

Result<TaskRow> CuckooNode::View(model::TaskId task, std::stop_token stop) {
  const CallName name = Name(fmt::format("view task {}", task.Get()), Manner::kAsksOfATask);
  const auto response = Ask(name, Get(fmt::format("/tasks/view/{}", task.Get())), stop);
  if (!response) return Unexpected(response.error());
  auto row = ReadTask(response->body);
  if (!row) return Unexpected(FromBadBody(name, row.error(), response->body));
  if (row->id != task) {
    return Unexpected(FromBadBody(name, fmt::format("it is about task {}", row->id.Get()), ""));
  }
  Remember(task);
  return std::move(*row);
}

Result<model::TaskId> CuckooNode::Submit(const Upload& upload, std::stop_token stop) {
  const CallName name = Name("submit " + SafeFileName(upload.file_name), Manner::kChanges);
  const auto dialect = Learn(stop);
  if (!dialect) return Unexpected(dialect.error());
  auto form = MakeForm(upload, *dialect);
  if (!form)
    return Unexpected(
        SandboxError{Errc::kRefused, settings_.url.Get() + ": " + name.call + ": " + form.error()});
  http::Request request = Get("/tasks/create/file");
  request.method = http::Method::kPost;
  request.form = std::move(*form);
  request.deadlines = {settings_.connect, settings_.upload, settings_.upload};
  const Exchange once = [this, &stop](const http::Request& asked) { return client_->Send(asked, stop); };
  const auto response = Perform(name, request, once, stop);
  if (!response) return Unexpected(response.error());
  const auto task = ReadTaskId(response->body);
  if (!task) return Unexpected(FromBadBody(name, task.error(), response->body));
  Remember(*task);
  return *task;
}

Result<void> CuckooNode::Report(model::TaskId task, const ReportSink& sink, std::stop_token stop) {
  const CallName name = Name(fmt::format("report of task {}", task.Get()), Manner::kAsksOfATask);
  http::Request request = Get(fmt::format("/tasks/report/{}", task.Get()));
  request.deadlines = {settings_.connect, settings_.report_total, settings_.report_stall};
  request.max_body = settings_.max_report;
  std::uint64_t received = 0;
  const http::BodySink count = [&](std::string_view bytes) {
    received += bytes.size();
    sink(bytes);
  };
  const Exchange once = [&](const http::Request& asked) { return client_->Stream(asked, count, stop); };
  const auto response = Perform(name, request, once, stop);
  if (!response) return Unexpected(response.error());
  if (received == 0) return Unexpected(FromBadBody(name, "the report is empty", ""));
  return {};
}

Result<void> CuckooNode::Dropped(model::TaskId task, std::uint64_t max_bytes, const ReportSink& sink,
                                 std::stop_token stop) {
  const CallName name = Name(fmt::format("dropped files of task {}", task.Get()), Manner::kAsksOfATask);
  http::Request request = Get(fmt::format("/tasks/report/{}/dropped", task.Get()));
  request.deadlines = {settings_.connect, settings_.report_total, settings_.report_stall};
  request.max_body = max_bytes;
  int status = 0;
  const Exchange once = [&](const http::Request& asked) {
    auto response = client_->Stream(asked, sink, stop);
    if (response) status = response->status;
    return response;
  };
  const auto response = Perform(name, request, once, stop);
  if (response) return {};
  SandboxError error = response.error();
  if (status == 500) error.code = Errc::kNotFound;
  return Unexpected(std::move(error));
}

Result<void> CuckooNode::Delete(model::TaskId task, std::stop_token stop) {
  const CallName name = Name(fmt::format("delete task {}", task.Get()), Manner::kChangesATask);
  const Exchange once = [this, &stop](const http::Request& asked) { return client_->Send(asked, stop); };
  const auto response = Perform(name, Get(fmt::format("/tasks/delete/{}", task.Get())), once, stop);
  if (!response) return Unexpected(response.error());
  const auto done = ReadDone(response->body);
  if (!done) return Unexpected(FromBadBody(name, done.error(), response->body));
  return {};
}

}  // namespace brood::sandbox::cuckoo
