#include "sandbox/cuckoo/testing/recorded.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "http/curl/curl_client.hpp"
#include "http/url.hpp"

namespace brood::sandbox::cuckoo {
namespace {

namespace json = boost::json;

std::string TextOr(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value == nullptr ? "" : std::string(value->as_string());
}

/// One line of text for each outcome, the same for the fixture's object and for what the client gave.
std::string ExpectationText(const json::object& expect) {
  const json::value& value = expect.begin()->value();
  std::string text(expect.begin()->key());
  if (text == "error") return "error " + TextOr(expect, "error") + ": " + TextOr(expect, "says");
  if (text == "bytes") return fmt::format("bytes {} {}", value.to_number<int>(), TextOr(expect, "sha256"));
  if (text == "task") return fmt::format("task {}", value.to_number<int>());
  if (text != "rows") return text + " " + std::string(value.as_string());
  for (const json::value& row : value.as_array()) text += "\n" + std::string(row.as_string());
  return text;
}

Recorded FromLine(const std::string& line) {
  const json::value value = json::parse(line);
  const json::object& object = value.as_object();
  Recorded recorded;
  recorded.note = TextOr(object, "note");
  recorded.call = TextOr(object, "call");
  recorded.method = TextOr(object, "method");
  recorded.path = TextOr(object, "path");
  recorded.authorization = TextOr(object, "authorization");
  recorded.file_name = TextOr(object, "file_name");
  recorded.content = TextOr(object, "content");
  if (const json::value* form = object.if_contains("form")) {
    for (const auto& [key, field] : form->as_object()) {
      recorded.form[std::string(key)] = std::string(field.as_string());
    }
  }
  if (object.contains("asked_otherwise")) recorded.asked = Recorded::Asked::kOtherwise;
  recorded.status = object.at("status").to_number<int>();
  recorded.content_type = TextOr(object, "content_type");
  recorded.body =
      object.contains("body") ? TextOr(object, "body") : DecodeBase64(TextOr(object, "body_base64")).value();
  recorded.expect = ExpectationText(object.at("expect").as_object());
  return recorded;
}

std::string DateText(const std::optional<Time>& time) { return time ? FormatUtc(*time) : "-"; }

std::string RowText(const TaskRow& row) {
  std::string errors;
  for (const std::string& error : row.errors) errors += (errors.empty() ? "" : ";") + error;
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}|{}", row.id.Get(), Name(row.state), row.custom, row.owner,
                     row.sha256.substr(0, 8), DateText(row.added_on), DateText(row.started_on),
                     DateText(row.completed_on), row.timeout_s, errors);
}

std::string RowsText(const std::vector<TaskRow>& rows) {
  std::string text = "rows";
  for (const TaskRow& row : rows) text += "\n" + RowText(row);
  return text;
}

std::string StatusText(const NodeStatus& status) {
  std::string disk;
  for (const auto& [place, space] : status.disk) {
    disk += fmt::format("{}{} {}/{}", disk.empty() ? "" : ",", place, space.free, space.total);
  }
  return fmt::format("status {} machines {}/{} pending {} running {} completed {} reported {} disk {}",
                     status.version, status.machines_available, status.machines_total, status.pending,
                     status.running, status.completed, status.reported, disk.empty() ? "-" : disk);
}

std::string ErrorText(const SandboxError& error) {
  return fmt::format("error {}: {}", Name(error.code), error.what);
}

template <class T, class Tell>
std::string Either(const Result<T>& result, const Tell& tell) {
  return result ? tell(*result) : ErrorText(result.error());
}

std::string TellSubmit(CuckooNode& node, const Recorded& recorded) {
  const auto file = std::filesystem::temp_directory_path() / fmt::format("brood_recorded_{}", getpid());
  std::ofstream(file, std::ios::binary) << recorded.content;
  Upload upload;
  upload.file = file;
  upload.file_name = recorded.file_name;
  for (const auto& [key, value] : recorded.form) {
    if (key == "custom") {
      upload.custom = value;
    } else if (key == "owner") {
      upload.owner = value;
    } else {
      upload.options[key] = value;
    }
  }
  const auto task = node.Submit(upload, {});
  std::filesystem::remove(file);
  return Either(task, [](model::TaskId id) { return fmt::format("task {}", id.Get()); });
}

std::string TellReport(CuckooNode& node, model::TaskId task) {
  std::string bytes;
  const auto result = node.Report(task, [&bytes](std::string_view chunk) { bytes += chunk; }, {});
  if (!result) return ErrorText(result.error());
  return fmt::format("bytes {} {}", bytes.size(), Sha256Hex(bytes));
}

ListQuery QueryFrom(const Recorded& recorded) {
  ListQuery query;
  if (recorded.asked == Recorded::Asked::kOtherwise) return query;
  const auto question = recorded.path.find('?');
  const auto segments = Split(std::string_view(recorded.path).substr(0, question), '/');
  if (segments.size() > 3) query.limit = static_cast<std::size_t>(ParseInt(segments[3]).value());
  if (segments.size() > 4) query.offset = static_cast<std::size_t>(ParseInt(segments[4]).value());
  if (question == std::string::npos) return query;
  const auto fields = http::ParseFields(recorded.path.substr(question + 1)).value();
  if (const auto state = http::FindField(fields, "status")) query.state = TaskStateFrom(*state);
  if (const auto after = http::FindField(fields, "completed_after")) query.completed_after = ParseInt(*after);
  query.owner = http::FindField(fields, "owner").value_or("");
  return query;
}

}  // namespace

std::vector<Recorded> ReadRecorded(const std::string& file) {
  std::ifstream in("src/sandbox/cuckoo/testdata/" + file);
  if (!in) throw std::runtime_error(file + " cannot be read");
  std::vector<Recorded> all;
  for (std::string line; std::getline(in, line);) all.push_back(FromLine(line));
  return all;
}

std::string Told(CuckooNode& node, const Recorded& recorded) {
  const auto words = Split(recorded.call, ' ');
  const model::TaskId task{words.size() > 1 ? ParseInt(words[1]).value() : 0};
  if (words[0] == "submit") return TellSubmit(node, recorded);
  if (words[0] == "report") return TellReport(node, task);
  if (words[0] == "status") return Either(node.Status({}), StatusText);
  if (words[0] == "list") return Either(node.List(QueryFrom(recorded), {}), RowsText);
  if (words[0] == "view") {
    return Either(node.View(task, {}), [](const TaskRow& row) { return "rows\n" + RowText(row); });
  }
  if (words[0] != "delete") throw std::runtime_error("no such call: " + recorded.call);
  const auto done = node.Delete(task, {});
  return done ? "done OK" : ErrorText(done.error());
}

ReplayServer::ReplayServer()
    : server_(
          [] {
            http::ServerSettings settings;
            settings.protocol = http::Protocol::kHttp10;
            settings.concurrency = http::Concurrency::kOneConnection;
            settings.expect = http::ExpectManner::kSilent;
            return settings;
          }(),
          [this](const http::ServerRequest& request) { return Answer(request); }) {
  port_ = server_.Start().value();
}

void ReplayServer::SetDue(const Recorded& recorded) {
  const std::lock_guard lock(mutex_);
  due_ = recorded;
}

http::ServerRequest ReplayServer::LastRequest() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

http::ServerResponse ReplayServer::Answer(const http::ServerRequest& request) {
  const std::lock_guard lock(mutex_);
  last_ = request;
  return http::Respond(due_.status, due_.body, due_.content_type);
}

std::unique_ptr<CuckooNode> NodeAt(CuckooSettings settings) {
  http::curl::CurlSettings curl;
  curl.keep_alive = http::curl::KeepAlive::kOff;
  return std::make_unique<CuckooNode>(std::move(settings), std::make_shared<http::curl::CurlClient>(curl));
}

}  // namespace brood::sandbox::cuckoo
