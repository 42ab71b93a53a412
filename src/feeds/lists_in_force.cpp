#include "feeds/lists_in_force.hpp"

#include "base/log.hpp"
#include "base/text.hpp"

namespace brood::feeds {

std::shared_ptr<const rules::Lists> ListsInForce::Current() {
  std::lock_guard lock(mutex_);
  const Time now = clock_.Now();
  if (!looked_ || now - *looked_ >= look_every_) {
    looked_ = now;
    Refresh();
  }
  return current_;
}

void ListsInForce::Seed() {
  if (seed_.empty()) return;
  const auto seeded = lists_.SeedWhitelist(seed_);
  if (!seeded) return;  // tried again with the next look
  if (*seeded) log::Info("the whitelist that ships is in force", {{"entries", seed_.size()}});
  seed_.clear();
}

void ListsInForce::Refresh() {
  Seed();
  const auto generation = lists_.Generation();
  if (!generation) {
    log::Warning("the lists cannot be read, the last known ones stay in force",
                 {{"why", generation.error().what}});
    return;
  }
  if (generation_ == *generation) return;
  const auto whitelist = lists_.Whitelist();
  const auto feeds = lists_.Feeds();
  if (!whitelist || !feeds) return;
  current_ = std::make_shared<rules::Lists>(ToRules(*whitelist, *feeds));
  generation_ = *generation;
}

rules::Lists ToRules(const std::vector<store::WhitelistEntry>& whitelist,
                     const std::vector<store::Lists::Feed>& feeds) {
  rules::Lists lists;
  std::vector<rules::IpInterval> subnets;
  for (const store::WhitelistEntry& entry : whitelist) {
    if (entry.kind == store::WhitelistKind::kHash) lists.hash_whitelist.insert(LowerAscii(entry.value));
    if (entry.kind == store::WhitelistKind::kDomain) lists.domain_whitelist.insert(LowerAscii(entry.value));
    if (entry.kind != store::WhitelistKind::kSubnet) continue;
    if (const auto interval = rules::ParseSubnet(entry.value)) subnets.push_back(*interval);
  }
  lists.ip_whitelist = rules::IpSet(subnets);
  std::map<std::string, std::vector<rules::IpInterval>> by_category;
  for (const store::Lists::Feed& feed : feeds) {
    auto& intervals = by_category[feed.category];
    for (const std::string& entry : feed.entries) {
      if (const auto interval = rules::ParseSubnet(entry)) intervals.push_back(*interval);
    }
  }
  for (const auto& [category, intervals] : by_category) lists.third_party[category] = rules::IpSet(intervals);
  return lists;
}

}  // namespace brood::feeds
