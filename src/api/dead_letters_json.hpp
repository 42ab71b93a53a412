#pragma once

#include <string>

#include "store/dead_letters.hpp"

namespace brood::api {

/// A dead letter as the outside may see it: never its message, which holds keys.
[[nodiscard]] std::string ToJson(const store::DeadLetter& letter);

/// The same with its message, in which keys and samples are covered.
[[nodiscard]] std::string ToJsonWithMessage(const store::DeadLetter& letter);

}  // namespace brood::api
