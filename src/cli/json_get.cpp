#include "cli/json_get.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/text.hpp"

namespace brood::cli {

namespace json = boost::json;

namespace {

const json::value* Find(const json::value& value, std::string_view key) {
  return value.is_object() ? value.get_object().if_contains(key) : nullptr;
}

}  // namespace

std::string TextAt(const json::value& value, std::string_view key) {
  const auto* found = Find(value, key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

std::int64_t IntAt(const json::value& value, std::string_view key) {
  const auto* found = Find(value, key);
  boost::system::error_code error;
  const auto number = found != nullptr ? found->to_number<std::int64_t>(error) : 0;
  return error ? 0 : number;
}

double RealAt(const json::value& value, std::string_view key) {
  const auto* found = Find(value, key);
  boost::system::error_code error;
  const auto number = found != nullptr ? found->to_number<double>(error) : 0;
  return error ? 0 : number;
}

bool BoolAt(const json::value& value, std::string_view key) {
  const auto* found = Find(value, key);
  return found != nullptr && found->is_bool() && found->get_bool();
}

const json::array& ListAt(const json::value& value, std::string_view key) {
  static const json::array none;
  const auto* found = Find(value, key);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::string ReasonsLine(const json::array& reasons, std::size_t max) {
  std::string line;
  for (std::size_t i = 0; i < reasons.size() && i < max; ++i) {
    if (!line.empty()) line += "; ";
    line += fmt::format("{}: {}", TextAt(reasons[i], "reason"), Shorten(TextAt(reasons[i], "data"), 40));
  }
  if (reasons.size() > max) line += fmt::format("; and {} more", reasons.size() - max);
  return line;
}

}  // namespace brood::cli
