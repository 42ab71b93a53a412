#include "sandbox/cuckoo/dates.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "base/text.hpp"

namespace brood::sandbox::cuckoo {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr std::size_t kTimeLength = 8;  // hh:mm:ss

bool AreDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<int> Number(std::string_view digits) {
  if (!AreDigits(digits) || digits.size() > 4) return std::nullopt;
  return static_cast<int>(*ParseInt(digits));
}

std::optional<std::chrono::seconds> ParseTimeOfDay(std::string_view text) {
  if (text.size() != kTimeLength || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto h = Number(text.substr(0, 2)), m = Number(text.substr(3, 2)), s = Number(text.substr(6, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  return std::chrono::hours{*h} + std::chrono::minutes{*m} + std::chrono::seconds{*s};
}

std::optional<Time> At(std::optional<int> y, std::optional<int> m, std::optional<int> d,
                       std::string_view time) {
  const auto of_day = ParseTimeOfDay(time);
  if (!y || !m || !d || !of_day) return std::nullopt;
  const std::chrono::year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                                         day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return Time{std::chrono::sys_days{date} + *of_day};
}

std::optional<Time> ParsePlain(std::string_view text) {
  if (const auto point = text.find('.'); point != text.npos) {
    if (!AreDigits(text.substr(point + 1))) return std::nullopt;
    text = text.substr(0, point);
  }
  if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[10] != ' ') return std::nullopt;
  return At(Number(text.substr(0, 4)), Number(text.substr(5, 2)), Number(text.substr(8, 2)), text.substr(11));
}

std::optional<Time> ParseRfc1123(std::string_view text) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto words = Split(text, ' ');
  if (words.size() != 6 || words[0].size() != 4 || words[5] != "GMT") return std::nullopt;
  const auto found = std::find(kMonths.begin(), kMonths.end(), words[2]);
  if (found == kMonths.end()) return std::nullopt;
  return At(Number(words[3]), static_cast<int>(found - kMonths.begin()) + 1, Number(words[1]), words[4]);
}

}  // namespace

std::optional<Time> ParseDate(std::string_view text) {
  const bool starts_with_digit = !text.empty() && text[0] >= '0' && text[0] <= '9';
  return starts_with_digit ? ParsePlain(text) : ParseRfc1123(text);
}

}  // namespace brood::sandbox::cuckoo
