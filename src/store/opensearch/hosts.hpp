#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"

namespace brood::store::opensearch {

/// Which of a cluster's nodes is asked next: in turn, those that failed lately behind the others. Thread-safe.
class Hosts {
 public:
  Hosts(std::vector<std::string> urls, Backoff away);

  [[nodiscard]] const std::string& Url(std::size_t host) const { return urls_[host]; }
  /// Every host once, in the order in which they are to be asked now.
  [[nodiscard]] std::vector<std::size_t> InOrder(Time now);
  void Answered(std::size_t host);
  void Failed(std::size_t host, Time now);

 private:
  struct Standing {
    int failures = 0;
    Time away_until{};
  };

  const std::vector<std::string> urls_;
  const Backoff away_;
  std::mutex mutex_;
  std::vector<Standing> standings_;
  std::size_t next_ = 0;
};

}  // namespace brood::store::opensearch
