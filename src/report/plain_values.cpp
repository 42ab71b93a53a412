#include "report/plain_values.hpp"

#include <charconv>

#include <boost/json/parse.hpp>

#include "base/text.hpp"

namespace brood::report::plain {

namespace {

const json::value kNothing;

}  // namespace

const json::value& Get(const json::value& from, std::string_view path) {
  const json::value* at = &from;
  for (const std::string_view key : Split(path, '.')) {
    const auto* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(key);
    if (at == nullptr) return kNothing;
  }
  return *at;
}

std::optional<std::string> TextOf(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  if (!value.is_double()) return std::nullopt;
  char digits[40];
  return std::string(digits, std::to_chars(digits, digits + sizeof(digits), value.get_double()).ptr);
}

std::string Text(const json::value& from, std::string_view path) {
  return TextOf(Get(from, path)).value_or("");
}

std::optional<std::int64_t> WholeOf(const json::value& value) {
  boost::system::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  if (error) return std::nullopt;
  return number;
}

std::int64_t Whole(const json::value& from, std::string_view path) {
  return WholeOf(Get(from, path)).value_or(0);
}

const json::array& Items(const json::value& from, std::string_view path) {
  static const json::array none;
  const auto* items = Get(from, path).if_array();
  return items == nullptr ? none : *items;
}

json::value Parse(std::string_view document) {
  json::parse_options deep;
  deep.max_depth = 2000;
  return json::parse(document, {}, deep);
}

}  // namespace brood::report::plain
