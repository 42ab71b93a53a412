#include "sandboxd/answers_json.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <ctime>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "sandboxd/json_text.hpp"

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersion1 = "1.2", kVersion2 = "2.0.7";

/// tasks/view of 2.0.7 gives dates as HTTP does, everything else as people write them.
enum class DateForm { kPlain, kHttp };

json::value DateValue(const std::optional<Time>& time, DateForm form) {
  if (!time) return nullptr;
  if (form == DateForm::kPlain) return json::value(FormatUtc(*time));
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return json::value(std::string_view(text.data(), length));
}

/// Numbers as numbers; what is none goes back as it came.
json::value NumberOrText(const std::string& text, std::int64_t otherwise) {
  if (text.empty()) return otherwise;
  const auto number = ParseInt(text);
  return number ? json::value(*number) : json::value(text);
}

/// 2.0.7's object: no escape for commas, the last duplicate wins, bare words vanish.
json::object OptionsObject(const std::string& options) {
  std::map<std::string, std::string> sorted;
  for (const std::string_view option : Split(options, ',')) {
    const auto equals = option.find('=');
    if (equals == option.npos) continue;
    sorted[std::string(TrimAscii(option.substr(0, equals)))] = TrimAscii(option.substr(equals + 1));
  }
  json::object object;
  for (auto& [key, value] : sorted) object.emplace(key, std::move(value));
  return object;
}

json::object SampleObject(const Sample& sample) {
  return {{"crc32", fmt::format("{:08X}", sample.crc32)},
          {"file_size", sample.size},
          {"file_type", sample.type},
          {"id", sample.id},
          {"md5", sample.digests.md5},
          {"sha1", sample.digests.sha1},
          {"sha256", sample.digests.sha256},
          {"sha512", sample.digests.sha512},
          {"ssdeep", nullptr}};
}

json::object GuestObject(Persona persona, const Task& task) {
  if (!task.started) return {};
  json::object guest{{"id", task.id},
                     {"label", "brood"},
                     {"manager", "brood"},
                     {"name", "brood"},
                     {"shutdown_on", DateValue(task.completed, DateForm::kPlain)},
                     {"started_on", DateValue(task.started, DateForm::kPlain)}};
  if (persona != Persona::kCuckoo1) guest["status"] = task.completed ? "stopped" : "running";
  guest["task_id"] = task.id;
  return guest;
}

std::int64_t DurationSeconds(const Task& task) {
  if (!task.started || !task.completed) return -1;
  return std::chrono::duration_cast<std::chrono::seconds>(*task.completed - *task.started).count();
}

json::object TaskObject(Persona persona, const Task& task, DateForm form) {
  const TaskRequest& request = *task.request;
  const bool is_2 = persona != Persona::kCuckoo1;
  const bool is_url = request.category == TaskRequest::Category::kUrl;
  json::object row;
  row.reserve(26);
  row.emplace("added_on", DateValue(task.added, form));
  row.emplace("category", is_url ? "url" : "file");
  row.emplace("clock", DateValue(request.clock.value_or(task.added), form));
  row.emplace("completed_on", DateValue(task.completed, form));
  row.emplace("custom", request.custom);
  if (is_2) row.emplace("duration", DurationSeconds(task));
  row.emplace("enforce_timeout", request.enforce_timeout);
  row.emplace("errors", json::array(task.errors.begin(), task.errors.end()));
  row.emplace("guest", GuestObject(persona, task));
  row.emplace("id", task.id);
  row.emplace("machine", request.machine);
  row.emplace("memory", request.memory);
  row.emplace("options", is_2 ? json::value(OptionsObject(request.options)) : json::value(request.options));
  if (is_2) row.emplace("owner", request.owner);
  row.emplace("package", request.package);
  row.emplace("platform", request.platform);
  row.emplace("priority", NumberOrText(request.priority, 1));
  if (is_2) row.emplace("processing", nullptr);
  if (is_2) row.emplace("route", nullptr);
  row.emplace("sample", task.sample ? SampleObject(*task.sample) : json::object());
  row.emplace("sample_id", task.sample ? json::value(task.sample->id) : json::value(nullptr));
  row.emplace("started_on", DateValue(task.started, form));
  row.emplace("status", sandbox::Name(task.state));
  if (is_2) row.emplace("submit_id", nullptr);
  row.emplace("tags", json::array(request.tags.begin(), request.tags.end()));
  row.emplace("target", request.target);
  row.emplace("timeout", NumberOrText(request.timeout, 0));
  return row;
}

json::object MachineObject(Persona persona, const NodeFacts& node, int number) {
  const std::string name = fmt::format("brood{}", number);
  const bool is_2 = persona != Persona::kCuckoo1;
  json::object machine{{"id", number},
                       {"interface", nullptr},
                       {"ip", "127.0.0.1"},
                       {"label", name},
                       {"locked", static_cast<std::size_t>(number) <= node.tasks.running},
                       {"locked_changed_on", nullptr},
                       {"name", name}};
  if (is_2) machine["options"] = json::array();
  machine["platform"] = node.engine;
  if (is_2) machine["rcparams"] = json::object();
  machine["resultserver_ip"] = "127.0.0.1";
  machine["resultserver_port"] = is_2 ? json::value(0) : json::value("0");
  for (const char* key : {"snapshot", "status", "status_changed_on"}) machine[key] = nullptr;
  machine["tags"] = json::array();
  return machine;
}

json::object DiskObject(const NodeFacts& node) {
  return {{"free", node.disk_free}, {"total", node.disk_total}, {"used", node.disk_total - node.disk_free}};
}

void AddHost(json::object& status, const NodeFacts& node) {
  status["cpu_count"] = node.processors;
  status["cpuload"] = json::array(node.load.begin(), node.load.end());
  status["diskspace"] = {{"analyses", DiskObject(node)}, {"binaries", DiskObject(node)}};
}

void AddMemory(json::object& status, const NodeFacts& node) {
  const auto total = static_cast<double>(node.memory_total_kb);
  const double used = total - static_cast<double>(node.memory_available_kb);
  status["memavail"] = node.memory_available_kb;
  status["memory"] = total > 0 ? 100.0 * used / total : 0.0;
  status["memtotal"] = node.memory_total_kb;
  status["processes"] = json::object();
}

}  // namespace

std::string MessageAnswer(Persona persona, std::string_view message) {
  return ToText(persona, json::object{{"message", message}});
}

std::string TaskIdAnswer(Persona persona, std::optional<std::int64_t> id) {
  return ToText(persona, json::object{{"task_id", id ? json::value(*id) : json::value(nullptr)}});
}

std::string OkAnswer(Persona persona, std::optional<std::int64_t> id) {
  json::object answer{{"status", "OK"}};
  if (id) answer["task_id"] = *id;
  return ToText(persona, answer);
}

std::string SuccessAnswer(Persona persona, bool success) {
  return ToText(persona, json::object{{"success", success}});
}

std::string TaskAnswer(Persona persona, const Task& task) {
  const DateForm form = persona == Persona::kCuckoo1 ? DateForm::kPlain : DateForm::kHttp;
  json::object row = TaskObject(persona, task, form);
  return ToText(persona, json::object{{"task", std::move(row)}});
}

std::string TaskListAnswer(Persona persona, const std::vector<TaskPtr>& tasks) {
  json::array rows;
  rows.reserve(tasks.size());
  for (const TaskPtr& task : tasks) rows.push_back(TaskObject(persona, *task, DateForm::kPlain));
  return ToText(persona, json::object{{"tasks", std::move(rows)}});
}

std::string SampleAnswer(Persona persona, const Sample& sample, const std::vector<TaskPtr>& tasks) {
  json::object row = SampleObject(sample);
  if (persona != Persona::kCuckoo1) {
    json::array ids;
    for (const TaskPtr& task : tasks) ids.push_back(task->id);
    row["tasks"] = std::move(ids);
  }
  return ToText(persona, json::object{{"sample", std::move(row)}});
}

std::string MachineListAnswer(Persona persona, const NodeFacts& node) {
  json::array machines;
  for (int i = 1; i <= node.machines; ++i) machines.push_back(MachineObject(persona, node, i));
  return ToText(persona, json::object{{"machines", std::move(machines)}});
}

std::string MachineAnswer(Persona persona, const NodeFacts& node, int number) {
  return ToText(persona, json::object{{"machine", MachineObject(persona, node, number)}});
}

std::string StatusAnswer(Persona persona, const NodeFacts& node) {
  const bool is_2 = persona != Persona::kCuckoo1;
  const int busy = static_cast<int>(std::min<std::size_t>(node.tasks.running, node.machines));
  json::object status;
  if (is_2) AddHost(status, node);
  status["hostname"] = node.hostname;
  status["machines"] = {{"available", node.machines - busy}, {"total", node.machines}};
  if (is_2) AddMemory(status, node);
  status["tasks"] = {{"completed", node.tasks.completed},
                     {"pending", node.tasks.pending},
                     {"reported", node.tasks.reported},
                     {"running", node.tasks.running},
                     {"total", node.tasks.total}};
  status["version"] = is_2 ? kVersion2 : kVersion1;
  if (persona == Persona::kBrood) status["brood"] = {{"engine", node.engine}, {"version", BROOD_VERSION}};
  return ToText(persona, status);
}

std::string StatisticsAnswer(Persona persona, const Statistics& statistics) {
  json::object requests;
  for (const auto& [name, count] : statistics.requests) requests[name] = count;
  return ToText(persona, json::object{{"tasks_created", statistics.samples.uploads},
                                      {"distinct_samples", statistics.samples.samples},
                                      {"submitted_twice", statistics.samples.uploaded_twice},
                                      {"same_custom_twice", statistics.samples.uploaded_twice_as_same},
                                      {"requests", std::move(requests)}});
}

}  // namespace brood::sandboxd
