#include "rules/types.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace brood::rules {
namespace {

std::vector<Candidate> Md5OfSample(const model::Report& report, const NetworkView& network) {
  if (report.md5.empty()) return {};
  return {{report.md5, network}};
}

bool SampleIsWhitelisted(const Candidate&, const model::Report& report, const Lists& lists) {
  const auto listed = [&](const std::string& hash) {
    return !hash.empty() && lists.hash_whitelist.contains(LowerAscii(hash));
  };
  return listed(report.md5) || listed(report.sha1) || listed(report.sha256) || listed(report.sha512);
}

constexpr auto kTypes = std::to_array<TypeInfo>({
    {"hash", Listing::kAlways, Md5OfSample, SampleIsWhitelisted},
});

}  // namespace

std::span<const TypeInfo> AllTypes() { return kTypes; }

const TypeInfo* FindType(std::string_view name) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeInfo& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : &*found;
}

}  // namespace brood::rules
