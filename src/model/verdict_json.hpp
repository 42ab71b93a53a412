#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/verdict.hpp"

namespace brood::model {

/// `[{"reason": key, "data": datum}, …]`: the blacklist's `reason` field.
[[nodiscard]] std::string ReasonsToJson(const std::vector<Reason>& reasons);
[[nodiscard]] Expected<std::vector<Reason>, Error> ReasonsFromJson(std::string_view text);

}  // namespace brood::model
