#include "api/original_parameters.hpp"

#include <fmt/format.h>

#include "api/parameters.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/multipart.hpp"
#include "http/url.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kMaxWords = 1'024;

/// The media type, without its parameters.
std::string MediaType(std::string_view content_type) {
  return LowerAscii(TrimAscii(content_type.substr(0, content_type.find(';'))));
}

Expected<http::FieldList, Refusal> Multipart(std::string_view content_type, std::string_view body) {
  const auto parts = http::ParseMultipart(content_type, body);
  if (!parts) return Refuse(400, "The form cannot be read: it is no multipart/form-data with its boundary.");
  http::FieldList fields;
  for (const http::MultipartPart& part : *parts) fields.emplace_back(part.name, std::string(part.data));
  return fields;
}

}  // namespace

Expected<std::string, Refusal> NeededInQuery(const http::ServerRequest& request, std::string_view name,
                                             std::string_view what) {
  const auto value = http::FindField(request.query, name);
  if (!value) return Refuse(400, fmt::format("The parameter '{}' is missing: {}.", name, what));
  return std::string(*value);
}

Expected<http::FieldList, Refusal> FormOf(const http::ServerRequest& request) {
  const std::string_view content_type = http::Find(request.headers, "Content-Type").value_or("");
  const std::string type = MediaType(content_type);
  if (type == "multipart/form-data") return Multipart(content_type, request.body);
  if (type != "application/x-www-form-urlencoded") {
    return Refuse(400, "The body must be a form: application/x-www-form-urlencoded or multipart/form-data.");
  }
  auto fields = http::ParseFields(request.body);
  if (!fields) return Refuse(400, "The form has a broken percent escape or too many fields.");
  return std::move(*fields);
}

Expected<std::string, Refusal> NeededInForm(const http::FieldList& form, std::string_view name,
                                            std::string_view what) {
  const auto value = http::FindField(form, name);
  if (!value) return Refuse(400, fmt::format("The form's field '{}' is missing: {}.", name, what));
  return std::string(*value);
}

Expected<std::string, Refusal> PlainWords(std::string_view name, const std::string& text) {
  if (text.size() <= kMaxWords && !HasControlCharacters(text) && IsUtf8(text)) return text;
  return Refuse(400, fmt::format("'{}' must be UTF-8 text of at most {} bytes without control characters.",
                                 name, kMaxWords));
}

}  // namespace brood::api
