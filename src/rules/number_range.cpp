#include "rules/number_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace brood::rules {
namespace {

using Result = Expected<NumberRange, std::string>;

std::optional<std::int64_t> Integer(const RuleScalar& scalar) {
  if (const auto* number = std::get_if<std::int64_t>(&scalar)) return *number;
  if (const auto* text = std::get_if<std::string>(&scalar)) return ParseInt(*text);
  return std::nullopt;
}

bool IsDecimal(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && digit(text.front()) && digit(text.back()) &&
         std::count(text.begin(), text.end(), '.') <= 1 &&
         std::all_of(text.begin(), text.end(), [&](char c) { return digit(c) || c == '.'; });
}

bool IsWhole(std::string_view text) { return IsDecimal(text) && text.find('.') == std::string_view::npos; }

Result ReadRange(const RuleScalar& scalar, bool (*is_number)(std::string_view), const char* example) {
  const auto bad = [&] { return Unexpected(fmt::format("bad range: a text like \"{}\" is due", example)); };
  const auto* text = std::get_if<std::string>(&scalar);
  if (text == nullptr) return bad();
  const auto ends = Split(*text, '-');
  if (ends.size() != 2) return bad();
  const std::string_view low = TrimAscii(ends[0]);
  const std::string_view high = TrimAscii(ends[1]);
  if (!is_number(low) || !is_number(high)) return bad();
  const NumberRange range{ParseDouble(low).value(), ParseDouble(high).value()};
  if (range.high < range.low)
    return Unexpected(fmt::format("bad range: it ends at {}, before it begins", high));
  return range;
}

}  // namespace

Result ReadInteger(const RuleScalar& scalar) {
  const auto number = Integer(scalar);
  if (!number) return Unexpected(std::string("a whole number is due"));
  return NumberRange{static_cast<double>(*number), static_cast<double>(*number)};
}

Result ReadPort(const RuleScalar& scalar) {
  const auto number = Integer(scalar);
  if (!number || *number < 0 || *number > 65'535)
    return Unexpected(std::string("a port from 0 to 65535 is due"));
  return ReadInteger(scalar);
}

Result ReadNumberRange(const RuleScalar& scalar) { return ReadRange(scalar, IsDecimal, "1.0-4.0"); }

Result ReadCountRange(const RuleScalar& scalar) { return ReadRange(scalar, IsWhole, "1-5"); }

}  // namespace brood::rules
