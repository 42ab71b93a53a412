#include "report/report_quirks.hpp"

#include <algorithm>

namespace brood::report {

Twins TwinsOf(std::string_view marked) {
  Twins twins;
  for (const char c : marked) {
    const auto same = [c](const Quirk& quirk) { return quirk.mark == c; };
    const auto* const quirk = std::find_if(kQuirks.begin(), kQuirks.end(), same);
    twins.quirky += quirk == kQuirks.end() ? std::string_view(&c, 1) : quirk->written;
    twins.plain += quirk == kQuirks.end() ? std::string_view(&c, 1) : quirk->means;
  }
  return twins;
}

}  // namespace brood::report
