#include "config/quantity.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"

namespace brood::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Largest first: FormatDuration takes the first that is exact.
constexpr std::array<Unit, 5> kDurationUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

constexpr std::int64_t kKilo = 1'000;
constexpr std::array<Unit, 9> kByteUnits{{{"TiB", kGiB * 1024},
                                          {"GiB", kGiB},
                                          {"MiB", kMiB},
                                          {"KiB", kKiB},
                                          {"TB", kKilo* kKilo* kKilo* kKilo},
                                          {"GB", kKilo* kKilo* kKilo},
                                          {"MB", kKilo* kKilo},
                                          {"KB", kKilo},
                                          {"B", 1}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the front of `text`; nothing if there are none or they do not fit.
std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  if (text.empty() || !IsDigit(text.front())) return {};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::int64_t> TimesFactor(std::int64_t number, std::int64_t factor) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number, factor, &product)) return {};
  return product;
}

template <std::size_t N>
std::optional<std::int64_t> FactorOf(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (EqualsIgnoringCase(unit.name, name)) return unit.factor;
  }
  return {};
}

/// One "10m" at the front of `text`.
std::optional<std::int64_t> TakeDurationPart(std::string_view& text) {
  const auto number = TakeNumber(text);
  std::size_t length = 0;
  while (length < text.size() && !IsDigit(text[length])) ++length;
  const auto factor = FactorOf(kDurationUnits, text.substr(0, length));
  if (!number || !factor) return {};
  text.remove_prefix(length);
  return TimesFactor(*number, *factor);
}

}  // namespace

std::optional<Millis> ParseDuration(std::string_view text) {
  text = TrimAscii(text);
  std::string_view rest = text;
  if (const auto seconds = TakeNumber(rest); seconds && rest.empty()) {
    const auto millis = TimesFactor(*seconds, kKilo);
    return millis ? std::optional(Millis{*millis}) : std::nullopt;
  }
  if (text.empty()) return {};
  std::int64_t sum = 0;
  while (!text.empty()) {
    const auto part = TakeDurationPart(text);
    if (!part || __builtin_add_overflow(sum, *part, &sum)) return {};
  }
  return Millis{sum};
}

std::string FormatDuration(Millis duration) {
  if (duration.count() == 0) return "0s";
  for (const Unit& unit : kDurationUnits) {
    if (duration.count() % unit.factor == 0) {
      return std::to_string(duration.count() / unit.factor).append(unit.name);
    }
  }
  return {};
}

std::optional<std::int64_t> ParseBytes(std::string_view text) {
  text = TrimAscii(text);
  const auto number = TakeNumber(text);
  if (!number) return {};
  text = TrimAscii(text);
  const auto factor = text.empty() ? 1 : FactorOf(kByteUnits, text);
  return factor ? TimesFactor(*number, *factor) : std::nullopt;
}

std::string FormatBytes(std::int64_t bytes) {
  std::string best = std::to_string(bytes) + "B";
  for (const Unit& unit : kByteUnits) {
    if (bytes == 0 || bytes % unit.factor != 0) continue;
    std::string text = std::to_string(bytes / unit.factor).append(unit.name);
    if (text.size() < best.size()) best = std::move(text);
  }
  return best;
}

}  // namespace brood::config
