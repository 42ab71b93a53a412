#include "api/parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kDefaultPage = 100;

std::string Shown(std::string_view name) { return MakeUtf8(Shorten(name, 40)); }

}  // namespace

bool HasControlCharacters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Expected<Parameters, Refusal> Parameters::Of(const http::ServerRequest& request,
                                             std::initializer_list<std::string_view> known) {
  for (auto field = request.query.begin(); field != request.query.end(); ++field) {
    const auto& [name, value] = *field;
    if (std::ranges::find(known, name) == known.end()) {
      return Refuse(400, fmt::format("There is no parameter '{}' here; known are: {}.", Shown(name),
                                     fmt::join(known, ", ")));
    }
    const auto same = [&name = name](const auto& other) { return other.first == name; };
    if (std::any_of(request.query.begin(), field, same)) {
      return Refuse(400, fmt::format("The parameter '{}' is given twice.", name));
    }
    if (value.size() > kMaxBytes) {
      return Refuse(400, fmt::format("The parameter '{}' has over {} bytes.", name, kMaxBytes));
    }
  }
  return Parameters(request.query);
}

std::optional<std::string> Parameters::Text(std::string_view name) const {
  const auto value = http::FindField(fields_, name);
  if (!value || value->empty()) return std::nullopt;
  return MakeUtf8(*value);
}

Expected<std::optional<std::int64_t>, Refusal> Parameters::Int(std::string_view name, std::int64_t min,
                                                               std::int64_t max) const {
  const auto text = Text(name);
  if (!text) return std::nullopt;
  const auto number = ParseInt(*text);
  if (number && *number >= min && *number <= max) return number;
  return Refuse(400, fmt::format("The parameter '{}' must be a number from {} to {}.", name, min, max));
}

Expected<bool, Refusal> Parameters::Flag(std::string_view name) const {
  const auto text = Text(name);
  if (!text || *text == "0") return false;
  if (*text == "1") return true;
  return Refuse(400, fmt::format("The parameter '{}' must be 0 or 1.", name));
}

Expected<store::Page, Refusal> Parameters::Page() const {
  const auto limit = Int("limit", 1, kMaxPage);
  if (!limit) return Unexpected(limit.error());
  return store::Page{static_cast<std::size_t>(limit->value_or(kDefaultPage)), Text("after").value_or("")};
}

}  // namespace brood::api
