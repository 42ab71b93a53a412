#include "rules/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>

namespace brood::rules {
namespace {

namespace json = boost::json;

/// Only looks for members that an object has twice. Boost's own reader keeps the last of them.
struct DuplicateFinder {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<std::set<std::string>> open;
  std::string key;
  std::string duplicate;

  using Code = boost::system::error_code;
  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_object_begin(Code&) { return open.emplace_back(), true; }
  bool on_object_end(std::size_t, Code&) { return open.pop_back(), true; }
  bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
  bool on_string(json::string_view, std::size_t, Code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, Code&) { return key += part, true; }
  bool on_key(json::string_view part, std::size_t, Code& code) {
    key += part;
    if (!open.back().insert(key).second) {
      duplicate = key;
      code = json::error::exception;
      return false;
    }
    key.clear();
    return true;
  }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Code&) { return true; }
  bool on_double(double, json::string_view, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }
};

std::string Place(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("line {}, column {}", lines + 1, offset - line_begin + 1);
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace

Expected<json::value, JsonProblem> ParseJsonDocument(std::string_view marked) {
  const std::string_view text = WithoutByteOrderMark(marked);
  json::basic_parser<DuplicateFinder> finder{json::parse_options{}};
  boost::system::error_code error;
  const std::size_t read = finder.write_some(false, text.data(), text.size(), error);
  if (!finder.handler().duplicate.empty()) {
    return Unexpected(
        JsonProblem{Place(text, read), fmt::format("'{}' stands here twice", finder.handler().duplicate)});
  }
  if (error) return Unexpected(JsonProblem{Place(text, read), "broken JSON: " + error.message()});
  if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    return Unexpected(JsonProblem{Place(text, read), "broken JSON: more text behind the end"});
  }
  json::value document = json::parse(text, error);
  if (error) return Unexpected(JsonProblem{"", "broken JSON: " + error.message()});
  return document;
}

}  // namespace brood::rules
