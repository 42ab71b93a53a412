#include "model/json_fields.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/raw_members.hpp"

namespace brood::model {

namespace json = boost::json;

const json::value* FieldReader::Value(std::string_view key) {
  const json::key_value_pair* found = nullptr;
  for (const auto& member : *object_) {
    if (member.key() == key) {
      found = &member;
      break;
    }
    if (EqualsIgnoringCase(member.key(), key)) found = &member;
  }
  if (found == nullptr) return nullptr;
  known_.insert(found);
  return found->value().is_null() ? nullptr : &found->value();
}

std::string FieldReader::Text(std::string_view key) {
  const json::value* value = Value(key);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    Fail(key, "not a string");
    return {};
  }
  return std::string(value->get_string());
}

std::int64_t FieldReader::Int(std::string_view key) {
  const json::value* value = Value(key);
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const auto number = value->to_number<std::int64_t>(error);
  if (error) {
    Fail(key, "not a whole number");
    return 0;
  }
  return number;
}

std::vector<std::string> FieldReader::TextList(std::string_view key) {
  const json::value* value = Value(key);
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (!value->is_array()) {
    Fail(key, "not a list");
    return out;
  }
  for (const auto& item : value->get_array()) {
    if (item.is_string())
      out.emplace_back(item.get_string());
    else
      Fail(key, "holds something that is not a string");
  }
  return out;
}

const json::object* FieldReader::Object(std::string_view key) {
  const json::value* value = Value(key);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) {
    Fail(key, "not an object");
    return nullptr;
  }
  return &value->get_object();
}

void FieldReader::Require(std::string_view key) {
  if (Value(key) == nullptr) Fail(key, "missing");
}

std::map<std::string, std::string> FieldReader::Unknown(std::string_view text) const {
  std::map<std::string, std::string> unknown;
  std::map<std::string, std::string_view> raw;
  for (const auto& member : *object_) {
    if (known_.contains(&member)) continue;
    if (raw.empty()) raw = RawMembers(text);
    unknown.emplace(std::string(member.key()), raw.at(std::string(member.key())));
  }
  return unknown;
}

void FieldReader::Fail(std::string_view key, std::string_view what) {
  if (problem_.empty()) problem_ = fmt::format("{}: {}", PathOf(key), what);
}

std::string FieldReader::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

Expected<json::object, Error> ParseObject(std::string_view text) {
  json::stream_parser parser;
  boost::system::error_code error;
  const std::size_t used = parser.write_some(text.data(), text.size(), error);
  const bool more = !error && parser.done() && used < text.size();
  if (more)
    return Unexpected(Permanent("not JSON", fmt::format("more text follows the document at byte {}", used)));
  if (!error) parser.finish(error);
  if (error) {
    return Unexpected(
        Permanent("not JSON", fmt::format("{} near byte {} of {}", error.message(), used, text.size())));
  }
  json::value value = parser.release();
  if (!value.is_object()) return Unexpected(Permanent("not a JSON object"));
  return std::move(value.get_object());
}

}  // namespace brood::model
