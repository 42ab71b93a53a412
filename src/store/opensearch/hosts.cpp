#include "store/opensearch/hosts.hpp"

#include <algorithm>
#include <utility>

namespace brood::store::opensearch {

Hosts::Hosts(std::vector<std::string> urls, Backoff away)
    : urls_(std::move(urls)), away_(away), standings_(urls_.size()) {}

std::vector<std::size_t> Hosts::InOrder(Time now) {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < urls_.size(); ++i) order.push_back((next_ + i) % urls_.size());
  next_ = (next_ + 1) % urls_.size();
  std::ranges::stable_sort(order, {}, [&](std::size_t host) {
    const Time until = standings_[host].away_until;
    return until > now ? until : Time{};
  });
  return order;
}

void Hosts::Answered(std::size_t host) {
  const std::lock_guard lock(mutex_);
  standings_[host] = {};
}

void Hosts::Failed(std::size_t host, Time now) {
  const std::lock_guard lock(mutex_);
  Standing& standing = standings_[host];
  standing.away_until = now + away_.After(++standing.failures);
}

}  // namespace brood::store::opensearch
