#pragma once

#include <string>
#include <string_view>

#include "store/dead_letters.hpp"

namespace brood::api {

/// A dead letter as the outside may see it: never the message, which holds keys.
[[nodiscard]] std::string ToJson(const store::DeadLetter& letter);

/// `text` with every URL cut down to scheme, host and path: what the original services write as an error holds
/// user names and keys in URLs.
[[nodiscard]] std::string WithoutUrlSecrets(std::string_view text);

}  // namespace brood::api
