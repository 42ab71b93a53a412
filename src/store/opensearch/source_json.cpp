#include "store/opensearch/source_json.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "model/json_text.hpp"

namespace brood::store::opensearch {

namespace json = boost::json;

void SourceWriter::Key(std::string_view key) {
  if (json_.size() > 1) json_ += ',';
  model::AppendJson(json_, key);
  json_ += ':';
}

SourceWriter& SourceWriter::Text(std::string_view key, std::string_view value) {
  Key(key);
  if (IsUtf8(value)) {
    model::AppendJson(json_, value);
  } else {
    model::AppendJson(json_, std::string_view(MakeUtf8(value)));
  }
  return *this;
}

SourceWriter& SourceWriter::Int(std::string_view key, std::int64_t value) {
  Key(key);
  model::AppendJson(json_, value);
  return *this;
}

SourceWriter& SourceWriter::Real(std::string_view key, double value) {
  Key(key);
  model::AppendJson(json_, value);
  return *this;
}

SourceWriter& SourceWriter::Bool(std::string_view key, bool value) {
  Key(key);
  model::AppendJson(json_, value);
  return *this;
}

SourceWriter& SourceWriter::Raw(std::string_view key, std::string_view json) {
  Key(key);
  json_ += json;
  return *this;
}

std::string SourceWriter::Take() && { return std::move(json_) + "}"; }

SourceReader::SourceReader(std::string_view index, std::string_view source) : index_(index) {
  json::error_code error;
  json::value value = json::parse(source, error);
  if (!error && value.is_object()) {
    object_ = std::move(value.as_object());
  } else {
    Fail("it is no JSON object");
  }
}

const json::value* SourceReader::Value(std::string_view key) {
  const json::value* value = object_.if_contains(key);
  if (value == nullptr) Fail(fmt::format("it has no {}", key));
  return value;
}

std::string SourceReader::Text(std::string_view key) {
  const json::value* value = Value(key);
  if (value != nullptr && value->is_string()) return std::string(value->as_string());
  Fail(fmt::format("its {} is no text", key));
  return {};
}

std::int64_t SourceReader::Int(std::string_view key) {
  const json::value* value = Value(key);
  if (value != nullptr && value->is_int64()) return value->as_int64();
  Fail(fmt::format("its {} is no whole number", key));
  return 0;
}

double SourceReader::Real(std::string_view key) {
  const json::value* value = Value(key);
  if (value != nullptr && value->is_number()) return value->to_number<double>();
  Fail(fmt::format("its {} is no number", key));
  return 0.0;
}

bool SourceReader::Bool(std::string_view key) {
  const json::value* value = Value(key);
  if (value != nullptr && value->is_bool()) return value->as_bool();
  Fail(fmt::format("its {} is neither true nor false", key));
  return false;
}

void SourceReader::Fail(std::string_view what) {
  if (problem_.empty()) problem_ = what;
}

StoreError SourceReader::Damaged() const {
  const json::value* id = object_.if_contains("id");
  const std::string shown = id != nullptr && id->is_string() ? std::string(id->as_string()) : "without an id";
  return {Errc::kDamaged,
          fmt::format("the record {} of the index {} is damaged: {}", Shorten(shown, 80), index_, problem_)};
}

}  // namespace brood::store::opensearch
