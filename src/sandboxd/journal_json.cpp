#include "sandboxd/journal_json.hpp"

#include <stdexcept>

#include <boost/json.hpp>

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

json::value ToJson(const std::optional<Time>& time) {
  return time ? json::value(ToMillis(*time)) : json::value(nullptr);
}

json::array ToJson(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

json::object ToJson(const SampleSeen& seen) {
  const Sample& sample = seen.sample;
  json::object uploads;
  for (const auto& [custom, count] : seen.uploads) uploads[custom] = count;
  return {{"e", "sample"},
          {"id", sample.id},
          {"md5", sample.digests.md5},
          {"sha1", sample.digests.sha1},
          {"sha256", sample.digests.sha256},
          {"sha512", sample.digests.sha512},
          {"crc32", sample.crc32},
          {"size", sample.size},
          {"type", sample.type},
          {"uploads", std::move(uploads)}};
}

json::object ToJson(const TaskMade& made) {
  const TaskRequest& request = *made.task.request;
  return {{"e", "task"},
          {"id", made.task.id},
          {"sample", made.sample},
          {"upload", made.by == TaskMade::By::kUpload},
          {"state", sandbox::Name(made.task.state)},
          {"added", ToMillis(made.task.added)},
          {"started", ToJson(made.task.started)},
          {"completed", ToJson(made.task.completed)},
          {"errors", ToJson(made.task.errors)},
          {"url", request.category == TaskRequest::Category::kUrl},
          {"target", request.target},
          {"custom", request.custom},
          {"owner", request.owner},
          {"package", request.package},
          {"machine", request.machine},
          {"platform", request.platform},
          {"options", request.options},
          {"tags", ToJson(request.tags)},
          {"timeout", request.timeout},
          {"priority", request.priority},
          {"memory", request.memory},
          {"enforce_timeout", request.enforce_timeout},
          {"clock", ToJson(request.clock)},
          {"successor_of", request.successor_of}};
}

json::object ToJson(const TaskEnded& ended) {
  return {{"e", "end"},
          {"id", ended.id},
          {"state", sandbox::Name(ended.state)},
          {"started", ToJson(ended.started)},
          {"completed", ToJson(ended.completed)},
          {"errors", ToJson(ended.errors)}};
}

json::object ToJson(const TaskDeleted& deleted) { return {{"e", "delete"}, {"id", deleted.id}}; }

json::object ToJson(const NextIds& next) { return {{"e", "next"}, {"id", next.task}, {"sample", next.sample}}; }

/// Fields of one line; throws if one is missing or of another type.
class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  std::string Text(std::string_view key) const { return json::value_to<std::string>(object_.at(key)); }
  std::int64_t Int(std::string_view key) const { return object_.at(key).to_number<std::int64_t>(); }
  bool Bool(std::string_view key) const { return object_.at(key).as_bool(); }
  std::optional<Time> When(std::string_view key) const {
    const json::value& value = object_.at(key);
    return value.is_null() ? std::nullopt : std::optional(FromMillis(value.to_number<std::int64_t>()));
  }
  std::vector<std::string> Texts(std::string_view key) const {
    return json::value_to<std::vector<std::string>>(object_.at(key));
  }
  UploadCounts Counts(std::string_view key) const {
    UploadCounts counts;
    for (const auto& [custom, count] : object_.at(key).as_object()) {
      counts[custom] = count.to_number<std::uint32_t>();
    }
    return counts;
  }

 private:
  const json::object& object_;
};

SampleSeen ToSample(const Fields& fields) {
  SampleSeen seen;
  seen.sample.id = fields.Int("id");
  seen.sample.digests = {fields.Text("md5"), fields.Text("sha1"), fields.Text("sha256"), fields.Text("sha512")};
  seen.sample.crc32 = static_cast<std::uint32_t>(fields.Int("crc32"));
  seen.sample.size = static_cast<std::uint64_t>(fields.Int("size"));
  seen.sample.type = fields.Text("type");
  seen.uploads = fields.Counts("uploads");
  if (!IsHex(seen.sample.digests.sha256, 64)) throw std::invalid_argument("sha256 is none");
  return seen;
}

TaskMade ToTask(const Fields& fields) {
  TaskRequest request;
  request.category = fields.Bool("url") ? TaskRequest::Category::kUrl : TaskRequest::Category::kFile;
  request.target = fields.Text("target");
  request.custom = fields.Text("custom");
  request.owner = fields.Text("owner");
  request.package = fields.Text("package");
  request.machine = fields.Text("machine");
  request.platform = fields.Text("platform");
  request.options = fields.Text("options");
  request.tags = fields.Texts("tags");
  request.timeout = fields.Text("timeout");
  request.priority = fields.Text("priority");
  request.memory = fields.Bool("memory");
  request.enforce_timeout = fields.Bool("enforce_timeout");
  request.clock = fields.When("clock");
  request.successor_of = fields.Int("successor_of");
  TaskMade made;
  made.sample = fields.Int("sample");
  made.by = fields.Bool("upload") ? TaskMade::By::kUpload : TaskMade::By::kServer;
  made.task.id = fields.Int("id");
  made.task.state = sandbox::TaskStateFrom(fields.Text("state"));
  made.task.added = FromMillis(fields.Int("added"));
  made.task.started = fields.When("started");
  made.task.completed = fields.When("completed");
  made.task.errors = fields.Texts("errors");
  made.task.request = std::make_shared<const TaskRequest>(std::move(request));
  return made;
}

JournalEntry ToEntry(const Fields& fields) {
  const std::string event = fields.Text("e");
  if (event == "sample") return ToSample(fields);
  if (event == "task") return ToTask(fields);
  if (event == "delete") return TaskDeleted{fields.Int("id")};
  if (event == "next") return NextIds{fields.Int("id"), fields.Int("sample")};
  if (event != "end") throw std::invalid_argument("unknown event " + event);
  return TaskEnded{fields.Int("id"), sandbox::TaskStateFrom(fields.Text("state")), fields.When("started"),
                   fields.When("completed"), fields.Texts("errors")};
}

}  // namespace

std::string ToLine(const JournalEntry& entry) {
  return std::visit([](const auto& value) { return json::serialize(ToJson(value)) + '\n'; }, entry);
}

Expected<JournalEntry, std::string> EntryFrom(std::string_view line) {
  try {
    return ToEntry(Fields(json::parse(line).as_object()));
  } catch (const std::exception& problem) {
    return Unexpected(std::string(problem.what()));
  }
}

}  // namespace brood::sandboxd
