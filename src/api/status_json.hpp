#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/api.hpp"

namespace brood::api {

struct QueueState {
  std::string name;
  std::uint64_t ready = 0;
};

struct Status {
  std::vector<ServiceState> services;
  std::vector<QueueState> queues;
  std::vector<std::uint64_t> submissions;  ///< in the order of model::State
  std::vector<sandbox::NodeView> nodes;
};

/// The document of GET /api/v1/status.
[[nodiscard]] std::string ToJson(const Status& status);

}  // namespace brood::api
