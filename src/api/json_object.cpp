#include "api/json_object.hpp"

#include "base/utf8.hpp"
#include "model/json_text.hpp"

namespace brood::api {

std::string JsonText(std::string_view value) {
  std::string out;
  model::AppendJson(out, std::string_view(MakeUtf8(value)));
  return out;
}

JsonObject& JsonObject::Text(std::string_view key, std::string_view value) {
  return Json(key, JsonText(value));
}

JsonObject& JsonObject::Int(std::string_view key, std::int64_t value) {
  Key(key);
  model::AppendJson(out_, value);
  return *this;
}

JsonObject& JsonObject::Count(std::string_view key, std::uint64_t value) {
  return Json(key, std::to_string(value));
}

JsonObject& JsonObject::Real(std::string_view key, double value) {
  Key(key);
  model::AppendJson(out_, value);
  return *this;
}

JsonObject& JsonObject::Bool(std::string_view key, bool value) { return Json(key, value ? "true" : "false"); }

JsonObject& JsonObject::Json(std::string_view key, std::string_view json) {
  Key(key);
  out_ += json;
  return *this;
}

std::string JsonObject::Finish() {
  if (out_.empty()) out_ = "{";
  return std::move(out_ += '}');
}

void JsonObject::Key(std::string_view key) {
  out_ += out_.empty() ? '{' : ',';
  model::AppendJson(out_, key);
  out_ += ':';
}

}  // namespace brood::api
