#include "config/field_text.hpp"

#include <fmt/format.h>

namespace brood::config {

const std::string* TextOf(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text;
  if (const auto* free = std::get_if<FreeText>(&value)) return &free->text;
  return nullptr;
}

std::string WrongKind(const Value& value, std::string_view wanted) {
  if (std::holds_alternative<FreeText>(value)) return fmt::format("{} is not {}", Quoted(value), wanted);
  const std::string shown = Quoted(value);
  return fmt::format("{}{}is {}, not {}", shown, shown.empty() ? "" : " ", KindOf(value), wanted);
}

std::string WithUnit(const std::string& number, const std::string& unit) {
  if (unit.empty()) return number;
  if (number == "1" && unit.ends_with('s')) return number + " " + unit.substr(0, unit.size() - 1);
  return number + " " + unit;
}

std::string Range(const std::string& min, const std::string& max, const std::string& unit) {
  if (min.empty() && max.empty()) return unit;
  if (min.empty()) return "at most " + WithUnit(max, unit);
  if (max.empty()) return "at least " + WithUnit(min, unit);
  return min + " to " + WithUnit(max, unit);
}

std::string RedactUrl(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
  // The last @ of all, not of the authority: a password with a raw slash must not slip out.
  const std::size_t at = url.rfind('@');
  if (at == std::string_view::npos || at < start) return std::string(url);
  const std::size_t colon = url.find(':', start);
  const std::size_t hidden = colon < at ? colon + 1 : start;
  return fmt::format("{}[secret]{}", url.substr(0, hidden), url.substr(at));
}

}  // namespace brood::config
