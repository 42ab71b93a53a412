#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

#include "metrics/registry.hpp"

namespace brood::sandboxd {

/// How often each call was asked for, as metrics and as numbers. Filled before use; counting is thread-safe.
class RequestCounts {
 public:
  explicit RequestCounts(metrics::Registry& registry) : registry_(registry) {}

  class Count {
   public:
    explicit Count(metrics::Counter& metric) : metric_(metric) {}
    void Add() {
      metric_.Add();
      ++value_;
    }
    std::uint64_t Value() const { return value_; }

   private:
    metrics::Counter& metric_;
    std::atomic<std::uint64_t> value_{0};
  };

  Count& Of(const std::string& call) {
    const auto found = counts_.find(call);
    if (found != counts_.end()) return found->second;
    return counts_
        .try_emplace(call, registry_.GetCounter("brood_sandboxd_requests_total",
                                                "Requests, by the call asked for.", {{"call", call}}))
        .first->second;
  }
  std::map<std::string, std::uint64_t> Values() const {
    std::map<std::string, std::uint64_t> values;
    for (const auto& [call, count] : counts_) values[call] = count.Value();
    return values;
  }

 private:
  metrics::Registry& registry_;
  std::map<std::string, Count> counts_;
};

}  // namespace brood::sandboxd
