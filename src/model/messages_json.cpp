#include "model/messages_json.hpp"

#include <boost/json/value_from.hpp>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/utf8.hpp"
#include "model/json_fields.hpp"
#include "model/json_text.hpp"

namespace brood::model {
namespace {

namespace json = boost::json;

/// The object's text with the extras behind its own members, each exactly as it came.
std::string Write(const json::object& object, const Extras& extras) {
  std::string text = json::serialize(object);
  text.pop_back();
  for (const auto& [key, value] : extras) {
    text += ',';
    AppendJson(text, std::string_view(key));
    text += ':';
    text += value;
  }
  return text + '}';
}

void PutText(json::object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void PutInt(json::object& object, std::string_view key, std::int64_t number) {
  if (number != 0) object[key] = number;
}

json::object ToObject(const CritsData& crits) {
  return {{"crits_url", crits.crits_url},
          {"analysis_id", crits.analysis_id},
          {"object_type", crits.object_type},
          {"object_id", crits.object_id},
          {"username", crits.username},
          {"api_key", crits.api_key.Reveal()},
          {"md5", crits.md5},
          {"source", crits.source}};
}

CritsData CritsFrom(FieldReader& outer, std::string_view key) {
  const json::object* object = outer.Object(key);
  if (object == nullptr) return {};
  FieldReader fields(*object, std::string(key));
  CritsData crits;
  crits.crits_url = fields.Text("crits_url");
  crits.analysis_id = fields.Text("analysis_id");
  crits.object_type = fields.Text("object_type");
  crits.object_id = fields.Text("object_id");
  crits.username = fields.Text("username");
  crits.api_key = Secret(fields.Text("api_key"));
  crits.md5 = fields.Text("md5");
  crits.source = fields.Text("source");
  if (!fields.Problem().empty()) outer.Fail(key, fields.Problem());
  return crits;
}

SampleHash SampleHashFrom(FieldReader& fields) {
  const std::string text = fields.Text("sha256");
  if (!text.empty() && !IsHex(text, 64)) fields.Fail("sha256", "not 64 lower-case hex digits");
  return SampleHash{text};
}

SubmissionId SubmissionFrom(FieldReader& fields) {
  const std::string text = fields.Text("submission");
  if (!text.empty() && !IsHex(text, 32)) fields.Fail("submission", "not 32 lower-case hex digits");
  return SubmissionId{text};
}

int AttemptFrom(FieldReader& fields) {
  const std::int64_t attempt = fields.Int("attempt");
  if (attempt < 0 || attempt > 1'000'000) fields.Fail("attempt", "out of range");
  return static_cast<int>(attempt);
}

void PayloadFrom(FieldReader& outer, FeedMessage& message) {
  const json::object* payload = outer.Object("payload");
  if (payload == nullptr) return;
  for (const auto& member : *payload) {
    const auto& value = member.value();
    if (value.is_string())
      message.payload[std::string(member.key())] = std::string(value.get_string());
    else if (value.is_int64() || value.is_uint64() || value.is_double())
      message.payload[std::string(member.key())] = json::serialize(value);
    else
      outer.Fail(std::string("payload.") + std::string(member.key()), "not a string");
  }
}

void FileFrom(FieldReader& outer, FeedMessage& message) {
  const json::object* file = outer.Object("file");
  if (file == nullptr) return;
  FieldReader fields(*file, "file");
  message.file_name = fields.Text("name");
  const auto data = DecodeBase64(fields.Text("data"));
  if (!data)
    fields.Fail("data", "not base64");
  else
    message.file_data = *data;
  if (!fields.Problem().empty()) outer.Fail("file", fields.Problem());
}

template <class Message>
Expected<Message, Error> Finish(FieldReader& fields, std::string_view text, Message message) {
  if (!fields.Problem().empty()) return Unexpected(Permanent("a message of the wrong shape", fields.Problem()));
  message.extras = fields.Unknown(text);
  return message;
}

}  // namespace

std::string ToJson(const FeedMessage& message) {
  json::object payload;
  for (const auto& [key, value] : message.payload) payload[key] = value;
  json::object out{{"crits_data", ToObject(message.crits)},
                   {"file", {{"data", EncodeBase64(message.file_data)}, {"name", message.file_name}}},
                   {"payload", payload}};
  PutText(out, "sample", message.sample);
  PutText(out, "sha256", message.sha256.Get());
  PutText(out, "submission", message.submission.Get());
  PutInt(out, "attempt", message.attempt);
  return Write(out, message.extras);
}

Expected<FeedMessage, Error> FeedMessageFromJson(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return Unexpected(object.error());
  FieldReader fields(*object, "");
  FeedMessage message;
  PayloadFrom(fields, message);
  FileFrom(fields, message);
  message.crits = CritsFrom(fields, "crits_data");
  message.sample = fields.Text("sample");
  message.sha256 = SampleHashFrom(fields);
  message.submission = SubmissionFrom(fields);
  message.attempt = AttemptFrom(fields);
  return Finish(fields, text, std::move(message));
}

std::string ToJson(const TaskMessage& message) {
  json::object out{{"TaskId", message.task.Get()},
                   {"CuckooURL", message.node.Get()},
                   {"CritsData", ToObject(message.crits)}};
  PutText(out, "sha256", message.sha256.Get());
  PutText(out, "submission", message.submission.Get());
  PutInt(out, "attempt", message.attempt);
  PutInt(out, "fed_at", ToMillis(message.fed_at));
  PutInt(out, "timeout", message.timeout_s);
  if (!message.parsed.empty()) out["Parsed"] = json::value_from(message.parsed);
  return Write(out, message.extras);
}

Expected<TaskMessage, Error> TaskMessageFromJson(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return Unexpected(object.error());
  FieldReader fields(*object, "");
  TaskMessage message;
  fields.Require("TaskId");
  fields.Require("CuckooURL");
  message.task = TaskId{fields.Int("TaskId")};
  message.node = NodeUrl{fields.Text("CuckooURL")};
  message.crits = CritsFrom(fields, "CritsData");
  message.sha256 = SampleHashFrom(fields);
  message.submission = SubmissionFrom(fields);
  message.attempt = AttemptFrom(fields);
  message.fed_at = FromMillis(fields.Int("fed_at"));
  message.timeout_s = fields.Int("timeout");
  message.parsed = fields.TextList("Parsed");
  return Finish(fields, text, std::move(message));
}

std::string ToJson(const StoredMessage& message) {
  json::object out{{"report", message.report_id}, {"run", message.run}};
  PutText(out, "submission", message.submission.Get());
  return Write(out, message.extras);
}

Expected<StoredMessage, Error> StoredMessageFromJson(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return Unexpected(object.error());
  FieldReader fields(*object, "");
  StoredMessage message;
  fields.Require("report");
  message.report_id = fields.Text("report");
  message.run = fields.Text("run");
  message.submission = SubmissionFrom(fields);
  return Finish(fields, text, std::move(message));
}

std::string ToJson(const CleanupMessage& message) {
  json::object out{
      {"TaskId", message.task.Get()}, {"CuckooURL", message.node.Get()}, {"marker", message.marker}};
  PutText(out, "sha256", message.sha256.Get());
  PutInt(out, "checked", ToMillis(message.checked));
  return Write(out, message.extras);
}

Expected<CleanupMessage, Error> CleanupMessageFromJson(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return Unexpected(object.error());
  FieldReader fields(*object, "");
  CleanupMessage message;
  fields.Require("TaskId");
  fields.Require("CuckooURL");
  message.task = TaskId{fields.Int("TaskId")};
  message.node = NodeUrl{fields.Text("CuckooURL")};
  message.marker = fields.Text("marker");
  message.sha256 = SampleHashFrom(fields);
  message.checked = FromMillis(fields.Int("checked"));
  return Finish(fields, text, std::move(message));
}

std::string ToJson(const FailureMessage& message) {
  const bool text = IsUtf8(message.msg);
  json::object out{{"Service", message.service},
                   {"Queue", message.queue},
                   {"Error", message.error},
                   {"Desc", message.desc},
                   {"Msg", text ? message.msg : MakeUtf8(message.msg)}};
  if (!text) out["MsgBase64"] = EncodeBase64(message.msg);
  if (message.kind != ErrorKind::kTransient) out["kind"] = Name(message.kind);
  PutText(out, "submission", message.submission.Get());
  return Write(out, message.extras);
}

Expected<FailureMessage, Error> FailureMessageFromJson(std::string_view text) {
  const auto object = ParseObject(text);
  if (!object) return Unexpected(object.error());
  FieldReader fields(*object, "");
  FailureMessage message;
  message.service = fields.Text("Service");
  message.queue = fields.Text("Queue");
  message.error = fields.Text("Error");
  message.desc = fields.Text("Desc");
  message.msg = fields.Text("Msg");
  if (fields.Value("MsgBase64") != nullptr) {
    auto bytes = DecodeBase64(fields.Text("MsgBase64"));
    if (!bytes)
      fields.Fail("MsgBase64", "not base64");
    else
      message.msg = std::move(*bytes);
  }
  message.kind = ErrorKindFrom(fields.Text("kind"));
  message.submission = SubmissionFrom(fields);
  return Finish(fields, text, std::move(message));
}

}  // namespace brood::model
