#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "report/plain_reader.hpp"
#include "report/plain_values.hpp"
#include "report/scalar.hpp"

namespace brood::report {
namespace {

namespace json = boost::json;

/// Any scalar but null, as text.
std::optional<std::string> AnyText(const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  return plain::TextOf(value);
}

std::string CallText(const json::value& call, std::string_view first, std::string_view second) {
  const auto text = AnyText(plain::Get(call, first));
  return text ? *text : AnyText(plain::Get(call, second)).value_or("");
}

std::string StatusOf(const json::value& status) {
  if (status.is_number() && plain::TextOf(status) == "0") return "false";
  if (status.is_number() && plain::TextOf(status) == "1") return "true";
  return AnyText(status).value_or("");
}

std::string ValueOf(const json::value& value) {
  return value.is_structured() ? json::serialize(value) : AnyText(value).value_or("");
}

std::vector<model::CallArgument> ArgumentsOf(const json::value& arguments) {
  std::vector<model::CallArgument> found;
  if (const auto* object = arguments.if_object()) {
    for (const auto& [name, value] : *object) found.push_back({std::string(name), ValueOf(value)});
  } else if (const auto* list = arguments.if_array()) {
    for (const auto& item : *list) {
      if (item.is_object())
        found.push_back({AnyText(plain::Get(item, "name")).value_or(""), ValueOf(plain::Get(item, "value"))});
    }
  }
  return found;
}

model::SeenCall CallFrom(const json::value& call, std::size_t process, std::size_t position) {
  return {process,
          plain::Text(call, "api"),
          CallText(call, "category", ""),
          StatusOf(plain::Get(call, "status")),
          CallText(call, "return", "return_value"),
          CallText(call, "timestamp", "time"),
          CallText(call, "thread_id", "tid"),
          plain::Whole(call, "repeated"),
          plain::WholeOf(plain::Get(call, "id")).value_or(static_cast<std::int64_t>(position)),
          ArgumentsOf(plain::Get(call, "arguments"))};
}

std::optional<std::int64_t> ProcessNumber(const json::value& process, std::string_view first,
                                          std::string_view second) {
  auto text = plain::TextOf(plain::Get(process, first));
  if (!text) text = plain::TextOf(plain::Get(process, second));
  const auto scalar = text ? ScalarFrom(*text) : std::nullopt;
  const auto number = scalar ? NumberFrom(*scalar) : std::nullopt;
  return number ? number->whole : std::nullopt;
}

}  // namespace

PlainDetails PlainReadDetails(std::string_view document, std::size_t max_calls) {
  PlainDetails details;
  const json::value root = plain::Parse(document);
  for (const auto& process : plain::Items(root, "behavior.processes")) {
    if (!process.is_object()) continue;
    const auto& calls = plain::Items(process, "calls");
    for (std::size_t at = 0; at < calls.size() && details.calls.size() < max_calls; ++at) {
      if (!plain::Text(calls[at], "api").empty())
        details.calls.push_back(CallFrom(calls[at], details.processes.size(), at));
    }
    details.processes.push_back(
        {plain::Text(process, "process_name"), ProcessNumber(process, "process_id", "pid"),
         ProcessNumber(process, "parent_id", "ppid"), plain::Text(process, "first_seen")});
  }
  return details;
}

std::vector<model::SeenCall> WithPlainArguments(std::vector<model::SeenCall> calls) {
  for (auto& call : calls) {
    for (auto& [name, value] : call.arguments) {
      if (!value.starts_with('[') && !value.starts_with('{')) continue;
      try {
        value = json::serialize(plain::Parse(value));
      } catch (const boost::system::system_error&) {  // a text that only begins like JSON
      }
    }
  }
  return calls;
}

}  // namespace brood::report
