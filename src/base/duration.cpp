#include "base/duration.hpp"

#include <fmt/format.h>

#include <string_view>

namespace brood {
namespace {

struct Unit {
  std::string_view name;
  Millis length;
};

constexpr Unit kUnits[] = {{"day", std::chrono::days{1}},
                           {"hour", std::chrono::hours{1}},
                           {"minute", std::chrono::minutes{1}},
                           {"second", std::chrono::seconds{1}}};

std::string Counted(std::int64_t count, std::string_view unit) {
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

}  // namespace

std::string HumanDuration(Millis duration) {
  for (const Unit& unit : kUnits) {
    if (duration >= 2 * unit.length) return Counted(duration / unit.length, unit.name);
  }
  if (duration >= std::chrono::seconds{1}) return Counted(1, "second");
  return Counted(duration.count(), "millisecond");
}

}  // namespace brood
