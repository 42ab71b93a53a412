#include "report/date.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "base/text.hpp"

namespace brood::report {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

std::optional<std::string> Format(sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const int year = static_cast<int>(date.year());
  if (year < 1 || year > 9999) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", year, static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

/// The text's front digit by digit against a shape where 9 is a digit, everything else itself.
bool HasShape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '9' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

int Field(std::string_view text, std::size_t at, std::size_t length) {
  return static_cast<int>(ParseInt(text.substr(at, length)).value_or(0));
}

std::optional<sys_seconds> WallTime(std::string_view text) {
  if (!HasShape(text, "9999-99-99 99:99:99") && !HasShape(text, "9999-99-99T99:99:99")) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(Field(text, 0, 4)),
                                         std::chrono::month(static_cast<unsigned>(Field(text, 5, 2))),
                                         std::chrono::day(static_cast<unsigned>(Field(text, 8, 2)))};
  const int hour = Field(text, 11, 2), minute = Field(text, 14, 2), second = Field(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + minutes(minute) + seconds(second);
}

/// What "+02:00", "-0530", "Z" or nothing adds to UTC.
std::optional<minutes> Offset(std::string_view zone) {
  if (zone.empty() || zone == "Z") return minutes(0);
  const bool colon = HasShape(zone.substr(1), "99:99") && zone.size() == 6;
  const bool plain = HasShape(zone.substr(1), "9999") && zone.size() == 5;
  if ((zone[0] != '+' && zone[0] != '-') || (!colon && !plain)) return std::nullopt;
  const int total = Field(zone, 1, 2) * 60 + Field(zone, zone.size() - 2, 2);
  return minutes(zone[0] == '-' ? -total : total);
}

}  // namespace

std::optional<std::string> DateFromEpoch(double epoch) {
  constexpr double kYear10000 = 253402300800.0;
  if (!(std::abs(epoch) < kYear10000)) return std::nullopt;
  return Format(sys_seconds(seconds(static_cast<std::int64_t>(std::floor(epoch)))));
}

std::optional<std::string> DateFromText(std::string_view text) {
  text = TrimAscii(text);
  const auto wall = WallTime(text);
  if (!wall) return std::nullopt;
  std::string_view rest = text.substr(19);
  if (rest.starts_with('.')) {
    const std::size_t end = rest.find_first_not_of("0123456789", 1);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  }
  const auto offset = Offset(TrimAscii(rest));
  if (!offset) return std::nullopt;
  return Format(*wall - *offset);
}

}  // namespace brood::report
