#include "api/body_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/json_fields.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kMaxBody = 64 * 1024;

}  // namespace

Expected<std::map<std::string, std::string>, Refusal> TextFieldsOf(
    std::string_view body, std::initializer_list<std::string_view> known) {
  if (body.size() > kMaxBody) return Refuse(413, fmt::format("The body has over {} bytes.", kMaxBody));
  const auto object = model::ParseObject(body);
  if (!object) return Refuse(400, "The body must be a JSON object: " + Describe(object.error()) + ".");
  std::map<std::string, std::string> fields;
  for (const std::string_view name : known) fields.emplace(name, "");
  for (const auto& member : *object) {
    const auto field = fields.find(std::string(member.key()));
    if (field == fields.end()) {
      return Refuse(
          400, fmt::format("The body has an unknown key '{}'.", Shorten(std::string_view(member.key()), 40)));
    }
    if (!member.value().is_string())
      return Refuse(400, fmt::format("The body's '{}' must be a text.", field->first));
    field->second = std::string(member.value().get_string());
  }
  return fields;
}

}  // namespace brood::api
