#include "transfer/times.hpp"

#include <chrono>

#include "base/text.hpp"

namespace brood::transfer {
namespace {

/// The digits of `text` at `at`, as a number; nothing if one of them is none.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int number = 0;
  for (const char digit : text.substr(at, count)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  return number;
}

std::optional<Time> Day(std::string_view text) {
  const auto year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date}};
}

/// Milliseconds of ".345"; what is finer is cut.
std::optional<Millis> Fraction(std::string_view& rest) {
  if (!rest.starts_with('.')) return Millis{0};
  rest.remove_prefix(1);
  int millis = 0, weight = 100;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    millis += (rest.front() - '0') * weight;
    weight /= 10;
    rest.remove_prefix(1);
  }
  return Millis{millis};
}

std::optional<Millis> Offset(std::string_view text) {
  if (text.empty() || text == "Z") return Millis{0};
  const auto hours = Digits(text, 1, 2), minutes = Digits(text, text.size() == 6 ? 4 : 3, 2);
  if ((text.front() != '+' && text.front() != '-') || !hours || !minutes) return std::nullopt;
  const Millis offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return text.front() == '+' ? offset : -offset;
}

}  // namespace

std::optional<Time> TimeFrom(std::string_view text) {
  if (const auto millis = ParseInt(text)) return FromMillis(*millis);
  const auto day = Day(text);
  if (!day) return std::nullopt;
  if (text.size() == 10) return day;
  const auto hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  if ((text[10] != 'T' && text[10] != ' ') || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::string_view rest = text.substr(19);
  const auto millis = Fraction(rest);
  const auto offset = Offset(rest);
  if (!offset) return std::nullopt;
  return *day + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second} +
         *millis - *offset;
}

}  // namespace brood::transfer
