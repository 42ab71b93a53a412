#include "store/verdict_entries.hpp"

#include "model/verdict_json.hpp"

namespace brood::store {

std::vector<BlacklistEntry> EntriesOf(std::span<const model::Verdict> verdicts, const std::string& sha256,
                                      Time now) {
  std::vector<BlacklistEntry> entries;
  for (const model::Verdict& verdict : verdicts) {
    if (!verdict.blacklisted) continue;
    entries.push_back({verdict.type, verdict.value, verdict.type == "hash" ? sha256 : "", now,
                       model::ReasonsToJson(verdict.reasons), verdict.score, Origin::kRule});
  }
  return entries;
}

}  // namespace brood::store
