#include "model/report_json.hpp"

#include <concepts>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "model/json_text.hpp"
#include "model/report_fields.hpp"

namespace brood::model {
namespace {

namespace json = boost::json;

template <class T>
concept Described = requires(const T& x) {
  EachField(x, [](std::string_view, const auto&) {});
};

template <class T>
void Append(std::string& out, const T& value) {
  if constexpr (std::same_as<T, std::string>)
    AppendJson(out, std::string_view(value));
  else
    AppendJson(out, value);
}

template <Described T>
void Append(std::string& out, const T& value);

template <class T>
void Append(std::string& out, const std::vector<T>& items) {
  out += '[';
  for (const T& item : items) {
    if (&item != items.data()) out += ',';
    Append(out, item);
  }
  out += ']';
}

template <Described T>
void Append(std::string& out, const T& value) {
  char before = '{';
  EachField(value, [&](std::string_view key, const auto& member) {
    out += before;
    before = ',';
    out += '"';
    out += key;
    out += "\":";
    Append(out, member);
  });
  out += '}';
}

/// The first problem with its path; what is read after it does not matter.
class Problem {
 public:
  void Set(std::string_view what) {
    if (what_.empty()) what_ = what;
  }
  void Prepend(const std::string& step) {
    if (!what_.empty()) path_.insert(0, step);
  }
  [[nodiscard]] bool Any() const { return !what_.empty(); }
  [[nodiscard]] Error ToError() const {
    return Permanent("bad report document", path_.empty() ? what_ : path_.substr(1) + ": " + what_);
  }

 private:
  std::string path_, what_;
};

void Read(const json::value& from, std::string& to, Problem& problem) {
  if (const auto* text = from.if_string())
    to.assign(text->data(), text->size());
  else
    problem.Set("not a string");
}

void Read(const json::value& from, std::int64_t& to, Problem& problem) {
  if (const auto* number = from.if_int64())
    to = *number;
  else
    problem.Set("not a whole number");
}

void Read(const json::value& from, double& to, Problem& problem) {
  boost::system::error_code error;
  const auto number = from.to_number<double>(error);
  if (error)
    problem.Set("not a number");
  else
    to = number;
}

void Read(const json::value& from, bool& to, Problem& problem) {
  if (const auto* value = from.if_bool())
    to = *value;
  else
    problem.Set("not true or false");
}

template <Described T>
void Read(const json::value& from, T& to, Problem& problem);

template <class T>
void Read(const json::value& from, std::vector<T>& to, Problem& problem) {
  const auto* items = from.if_array();
  if (items == nullptr) return problem.Set("not a list");
  to.reserve(items->size());
  for (const json::value& item : *items) {
    Read(item, to.emplace_back(), problem);
    if (problem.Any()) return problem.Prepend("[" + std::to_string(to.size() - 1) + "]");
  }
}

template <Described T>
void Read(const json::value& from, T& to, Problem& problem) {
  const auto* object = from.if_object();
  if (object == nullptr) return problem.Set("not an object");
  EachField(to, [&](std::string_view key, auto& member) {
    if (problem.Any()) return;
    const json::value* value = object->if_contains(key);
    if (value == nullptr) return;
    Read(*value, member, problem);
    problem.Prepend("." + std::string(key));
  });
}

}  // namespace

std::string ToJson(const Report& report) {
  std::string out;
  Append(out, report);
  return out;
}

Expected<Report, Error> ReportFromJson(std::string_view text) {
  json::monotonic_resource memory;
  boost::system::error_code error;
  const json::value value = json::parse(text, error, &memory);
  if (error) return Unexpected(Permanent("bad report document", "no JSON: " + error.message()));
  Report report;
  Problem problem;
  Read(value, report, problem);
  if (problem.Any()) return Unexpected(problem.ToError());
  return report;
}

}  // namespace brood::model
