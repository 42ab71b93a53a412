#include "sandbox/cuckoo/answers_json.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "sandbox/cuckoo/dates.hpp"

namespace brood::sandbox::cuckoo {
namespace {

namespace json = boost::json;

/// Thrown inside this file alone: a row has a dozen fields, and each may be wrong.
struct BadShape {
  std::string what;
};

const json::value* Find(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::object& ObjectAt(const json::value& value, std::string_view path) {
  if (!value.is_object()) throw BadShape{fmt::format("{} is no object", path)};
  return value.get_object();
}

std::optional<std::int64_t> AsInt(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_double() && value.get_double() >= 0 && value.get_double() < 9e18) {
    return static_cast<std::int64_t>(value.get_double());
  }
  return std::nullopt;
}

std::int64_t IntAt(const json::object& object, std::string_view key, std::string_view path) {
  const json::value* const value = Find(object, key);
  const auto number = value == nullptr ? std::nullopt : AsInt(*value);
  if (!number) throw BadShape{fmt::format("{}.{} is no number", path, key)};
  return *number;
}

std::string TextAt(const json::object& object, std::string_view key, std::string_view path) {
  const json::value* const value = Find(object, key);
  if (value == nullptr) return {};
  if (!value->is_string()) throw BadShape{fmt::format("{}.{} is no text", path, key)};
  return std::string(value->get_string());
}

std::optional<Time> DateAt(const json::object& object, std::string_view key, std::string_view path) {
  const std::string text = TextAt(object, key, path);
  if (text.empty()) return std::nullopt;
  const auto date = ParseDate(text);
  if (!date) throw BadShape{fmt::format("{}.{} is no date: {}", path, key, Shorten(text, 40))};
  return date;
}

std::string Sha256Of(const json::object& row) {
  const json::value* const sample = Find(row, "sample");
  if (sample == nullptr || !sample->is_object()) return {};
  const json::value* const sha256 = Find(sample->get_object(), "sha256");
  return sha256 != nullptr && sha256->is_string() ? LowerAscii(sha256->get_string()) : "";
}

/// Both servers take any text as a timeout and give it back as text.
std::int64_t TimeoutOf(const json::object& row) {
  const json::value* const value = Find(row, "timeout");
  if (value == nullptr) return 0;
  if (value->is_string()) return ParseInt(value->get_string()).value_or(0);
  return AsInt(*value).value_or(0);
}

std::vector<std::string> ErrorsOf(const json::object& row) {
  std::vector<std::string> errors;
  const json::value* const list = Find(row, "errors");
  if (list == nullptr || !list->is_array()) return errors;
  for (const json::value& item : list->get_array()) {
    if (item.is_string()) errors.emplace_back(item.get_string());
  }
  return errors;
}

TaskRow RowFrom(const json::value& value, const std::string& path) {
  const json::object& object = ObjectAt(value, path);
  TaskRow row;
  row.id = model::TaskId{IntAt(object, "id", path)};
  if (row.id.Get() <= 0) throw BadShape{path + ".id is not positive"};
  const std::string state = TextAt(object, "status", path);
  if (state.empty()) throw BadShape{path + ".status is missing"};
  row.state = TaskStateFrom(state);
  row.custom = TextAt(object, "custom", path);
  row.owner = TextAt(object, "owner", path);
  row.sha256 = Sha256Of(object);
  row.added_on = DateAt(object, "added_on", path);
  row.started_on = DateAt(object, "started_on", path);
  row.completed_on = DateAt(object, "completed_on", path);
  row.timeout_s = TimeoutOf(object);
  row.errors = ErrorsOf(object);
  return row;
}

DiskSpace SpaceFrom(const json::value& value, const std::string& path) {
  const json::object& place = ObjectAt(value, path);
  const std::int64_t free = IntAt(place, "free", path);
  const std::int64_t total = Find(place, "total") == nullptr ? 0 : IntAt(place, "total", path);
  if (free < 0 || total < 0) throw BadShape{path + " is negative"};
  return {static_cast<std::uint64_t>(free), static_cast<std::uint64_t>(total)};
}

const json::object& Section(const json::object& whole, std::string_view key) {
  const json::value* const value = Find(whole, key);
  if (value == nullptr) throw BadShape{fmt::format("{} is missing", key)};
  return ObjectAt(*value, key);
}

NodeStatus StatusFrom(const json::object& whole) {
  NodeStatus status;
  status.version = TextAt(whole, "version", "status");
  const json::object& machines = Section(whole, "machines");
  status.machines_total = static_cast<int>(IntAt(machines, "total", "machines"));
  status.machines_available = static_cast<int>(IntAt(machines, "available", "machines"));
  const json::object& tasks = Section(whole, "tasks");
  status.pending = IntAt(tasks, "pending", "tasks");
  status.running = IntAt(tasks, "running", "tasks");
  status.completed = IntAt(tasks, "completed", "tasks");
  status.reported = IntAt(tasks, "reported", "tasks");
  if (Find(whole, "diskspace") == nullptr) return status;
  for (const auto& [place, space] : Section(whole, "diskspace")) {
    const std::string name(place);
    status.disk[name] = SpaceFrom(space, "diskspace." + name);
  }
  return status;
}

/// The body as one JSON object, handed to `read`, whose complaint becomes the error.
template <class Read>
auto ReadObject(std::string_view body, const Read& read)
    -> Expected<decltype(read(std::declval<const json::object&>())), std::string> {
  json::monotonic_resource memory;
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), error, &memory);
  if (error) {
    return Unexpected(fmt::format("the answer is no JSON ({}): {}", error.message(), MessageOf(body)));
  }
  try {
    return read(ObjectAt(value, "the answer"));
  } catch (const BadShape& bad) {
    return Unexpected(bad.what);
  }
}

std::string Between(std::string_view text, std::string_view before, std::string_view after) {
  const auto from = text.find(before);
  if (from == text.npos) return {};
  const auto start = from + before.size();
  return std::string(TrimAscii(text.substr(start, text.find(after, start) - start)));
}

std::string JsonMessage(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) return {};
  const json::value* const message = Find(value.get_object(), "message");
  return message != nullptr && message->is_string() ? std::string(message->get_string()) : "";
}

}  // namespace

Expected<model::TaskId, std::string> ReadTaskId(std::string_view body) {
  return ReadObject(body, [](const json::object& whole) {
    const json::value* const id = whole.if_contains("task_id");
    if (id == nullptr) throw BadShape{"task_id is missing"};
    if (id->is_null()) throw BadShape{"task_id is null: the sandbox could not make the task"};
    const std::int64_t number = IntAt(whole, "task_id", "the answer");
    if (number <= 0) throw BadShape{"task_id is not positive"};
    return model::TaskId{number};
  });
}

Expected<std::vector<TaskRow>, std::string> ReadTasks(std::string_view body) {
  return ReadObject(body, [](const json::object& whole) {
    const json::value* const tasks = Find(whole, "tasks");
    if (tasks == nullptr || !tasks->is_array()) throw BadShape{"tasks is no list"};
    std::vector<TaskRow> rows;
    rows.reserve(tasks->get_array().size());
    for (const json::value& row : tasks->get_array()) {
      rows.push_back(RowFrom(row, fmt::format("tasks[{}]", rows.size())));
    }
    return rows;
  });
}

Expected<TaskRow, std::string> ReadTask(std::string_view body) {
  return ReadObject(body, [](const json::object& whole) {
    const json::value* const task = Find(whole, "task");
    if (task == nullptr) throw BadShape{"task is missing"};
    return RowFrom(*task, "task");
  });
}

Expected<NodeStatus, std::string> ReadStatus(std::string_view body) { return ReadObject(body, StatusFrom); }

Expected<void, std::string> ReadDone(std::string_view body) {
  const auto status =
      ReadObject(body, [](const json::object& whole) { return TextAt(whole, "status", "the answer"); });
  if (!status) return Unexpected(status.error());
  if (*status != "OK") return Unexpected("status is not OK: " + MessageOf(body));
  return {};
}

bool IsHtml(std::string_view body) { return TrimAscii(body).starts_with('<'); }

std::string MessageOf(std::string_view body) {
  std::string message = JsonMessage(body);
  if (message.empty()) message = Between(body, "<pre>", "</pre>");
  if (message.empty()) message = Between(body, "<title>", "</title>");
  if (message.empty()) message = TrimAscii(body);
  return Shorten(message, 200);
}

}  // namespace brood::sandbox::cuckoo
