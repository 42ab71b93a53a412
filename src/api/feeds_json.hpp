#pragma once

#include <string>

#include "feeds/overview.hpp"

namespace brood::api {

[[nodiscard]] std::string ToJson(const feeds::ListState& state);

}  // namespace brood::api
