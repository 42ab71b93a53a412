#include "model/testing/go_services.hpp"

#include <functional>
#include <initializer_list>
#include <utility>

#include <boost/json/parse.hpp>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "model/json_text.hpp"

namespace brood::model::testing {
namespace {

namespace json = boost::json;

using Problem = std::optional<std::string>;
using Assign = std::function<Problem(const json::value&)>;
using Fields = std::initializer_list<std::pair<std::string_view, Assign>>;

/// Each member into the field of its name; the last of several wins, as they come one after the other.
Problem Unmarshal(const json::value& value, Fields fields) {
  if (!value.is_object()) return "json: cannot unmarshal a value that is no object";
  for (const auto& member : value.get_object()) {
    for (const auto& [name, assign] : fields) {
      if (member.value().is_null() || !EqualsIgnoringCase(member.key(), name)) continue;
      if (Problem problem = assign(member.value())) return std::string(name) + ": " + *problem;
    }
  }
  return std::nullopt;
}

Assign Into(std::string& text) {
  return [&text](const json::value& value) -> Problem {
    if (!value.is_string()) return "json: cannot unmarshal into a Go value of type string";
    text = value.get_string();
    return std::nullopt;
  };
}

Assign Into(std::int64_t& number) {
  return [&number](const json::value& value) -> Problem {
    if (!value.is_int64()) return "json: cannot unmarshal into a Go value of type int";
    number = value.get_int64();
    return std::nullopt;
  };
}

Assign Into(std::optional<std::map<std::string, std::string>>& map) {
  return [&map](const json::value& value) -> Problem {
    if (!value.is_object()) return "json: cannot unmarshal into a Go value of type map[string]string";
    if (!map) map.emplace();
    for (const auto& member : value.get_object()) {
      std::string& text = (*map)[std::string(member.key())];
      if (member.value().is_null()) continue;
      if (Problem problem = Into(text)(member.value())) return problem;
    }
    return std::nullopt;
  };
}

Assign Into(std::optional<GoCritsData>& crits) {
  return [&crits](const json::value& value) -> Problem {
    if (!crits) crits.emplace();
    return Unmarshal(value, {{"crits_url", Into(crits->crits_url)},
                             {"analysis_id", Into(crits->analysis_id)},
                             {"object_type", Into(crits->object_type)},
                             {"object_id", Into(crits->object_id)},
                             {"username", Into(crits->username)},
                             {"api_key", Into(crits->api_key)},
                             {"md5", Into(crits->md5)},
                             {"source", Into(crits->source)}});
  };
}

GoReads<json::value> Parse(std::string_view body) {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  if (error) return Unexpected("Could not decode json! " + error.message());
  return value;
}

bool HasCritsData(std::string_view msg) {
  const auto value = Parse(msg);
  std::optional<GoCritsData> crits;
  return value && !Unmarshal(*value, {{"CritsData", Into(crits)}, {"crits_data", Into(crits)}}) && crits;
}

/// As Go writes strings: <, >, & and the two line separators of Unicode escaped.
std::string Quoted(std::string_view text) {
  std::string plain, out;
  AppendJson(plain, text);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::string_view rest = std::string_view(plain).substr(i);
    if (plain[i] == '<' || plain[i] == '>' || plain[i] == '&') {
      out += plain[i] == '<' ? "\\u003c" : plain[i] == '>' ? "\\u003e" : "\\u0026";
    } else if (rest.starts_with("\u2028") || rest.starts_with("\u2029")) {
      out += rest.starts_with("\u2028") ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += plain[i];
    }
  }
  return out;
}

std::string Marshal(const GoCritsData& crits) {
  return "{\"crits_url\":" + Quoted(crits.crits_url) + ",\"analysis_id\":" + Quoted(crits.analysis_id) +
         ",\"object_type\":" + Quoted(crits.object_type) + ",\"object_id\":" + Quoted(crits.object_id) +
         ",\"username\":" + Quoted(crits.username) + ",\"api_key\":" + Quoted(crits.api_key) +
         ",\"md5\":" + Quoted(crits.md5) + ",\"source\":" + Quoted(crits.source) + "}";
}

}  // namespace

GoReads<GoFeedRequest> GoFeedCuckooReads(std::string_view body) {
  const auto value = Parse(body);
  if (!value) return Unexpected(value.error());
  std::optional<std::map<std::string, std::string>> payload, file;
  std::optional<GoCritsData> crits;
  if (auto problem =
          Unmarshal(*value, {{"payload", Into(payload)}, {"file", Into(file)}, {"crits_data", Into(crits)}}))
    return Unexpected("Could not decode json! " + *problem);
  if (!file) return Unexpected(std::string("File map doesn't exist!"));
  if ((*file)["name"].empty() || (*file)["data"].empty())
    return Unexpected(std::string("file map layout invalid!"));
  if (!crits) return Unexpected(std::string("crits struct doesn't exist!"));
  auto bytes = DecodeBase64((*file)["data"]);
  if (!bytes) return Unexpected(std::string("Couldn't decode msg!"));
  return GoFeedRequest{payload.value_or(std::map<std::string, std::string>()), std::move(*file),
                       std::move(*bytes), std::move(*crits)};
}

GoReads<GoTaskRequest> GoTaskReads(std::string_view body) {
  const auto value = Parse(body);
  if (!value) return Unexpected(value.error());
  GoTaskRequest request;
  std::optional<GoCritsData> crits;
  if (auto problem = Unmarshal(*value, {{"TaskId", Into(request.task)},
                                        {"CuckooURL", Into(request.cuckoo_url)},
                                        {"CritsData", Into(crits)}}))
    return Unexpected("Could not decode json! " + *problem);
  if (request.cuckoo_url.empty() || request.task == 0) return Unexpected(std::string("No CuckooURL / TaskId!"));
  if (!crits) return Unexpected(std::string("crits struct doesn't exist!"));
  request.crits = std::move(*crits);
  return request;
}

GoReads<GoFailedMsg> GoOverseerReads(std::string_view body) {
  const auto value = Parse(body);
  if (!value) return Unexpected(value.error());
  GoFailedMsg failure;
  if (auto problem = Unmarshal(*value, {{"Service", Into(failure.service)},
                                        {"Queue", Into(failure.queue)},
                                        {"Error", Into(failure.error)},
                                        {"Desc", Into(failure.desc)},
                                        {"Msg", Into(failure.msg)}}))
    return Unexpected("dumped: " + *problem);
  if (!HasCritsData(failure.msg)) return Unexpected(std::string("dumped: Couldn't find CritsData!"));
  return failure;
}

std::string GoFeedCuckooSends(const GoFeedRequest& request, std::int64_t task, std::string_view cuckoo_url) {
  return "{\"TaskId\":" + std::to_string(task) + ",\"CuckooURL\":" + Quoted(cuckoo_url) +
         ",\"CritsData\":" + Marshal(request.crits) + "}";
}

std::string GoCheckResultsSends(const GoTaskRequest& request) {
  return "{\"CuckooURL\":" + Quoted(request.cuckoo_url) + ",\"TaskId\":" + std::to_string(request.task) +
         ",\"CritsData\":" + Marshal(request.crits) + "}";
}

std::string GoSendsFailure(const GoFailedMsg& failure) {
  return "{\"Service\":" + Quoted(failure.service) + ",\"Queue\":" + Quoted(failure.queue) +
         ",\"Error\":" + Quoted(failure.error) + ",\"Desc\":" + Quoted(failure.desc) +
         ",\"Msg\":" + Quoted(failure.msg) + "}";
}

}  // namespace brood::model::testing
