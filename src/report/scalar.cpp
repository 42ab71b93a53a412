#include "report/scalar.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace brood::report {
namespace {

bool LooksLikeNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
         text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

template <class T>
std::optional<T> Convert(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Scalar> ScalarFrom(std::string_view between) {
  using Kind = Scalar::Kind;
  const std::string_view text = TrimAscii(between);
  if (text.empty()) return std::nullopt;
  if (text == "null") return Scalar{Kind::kNull, text};
  if (text == "true" || text == "false") return Scalar{Kind::kBool, text};
  return Scalar{LooksLikeNumber(text) ? Kind::kNumber : Kind::kUnreadable, text};
}

std::optional<Number> NumberFrom(const Scalar& scalar) {
  if (scalar.kind != Scalar::Kind::kNumber) return std::nullopt;
  if (const auto whole = Convert<std::int64_t>(scalar.text)) return Number{static_cast<double>(*whole), whole};
  const auto value = Convert<double>(scalar.text);
  if (!value) return std::nullopt;
  constexpr double kExactUpTo = 9007199254740992.0;  // 2^53
  Number number{*value, std::nullopt};
  if (std::trunc(*value) == *value && std::abs(*value) <= kExactUpTo)
    number.whole = static_cast<std::int64_t>(*value);
  return number;
}

}  // namespace brood::report
