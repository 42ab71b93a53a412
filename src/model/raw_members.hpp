#pragma once

#include <map>
#include <string>
#include <string_view>

namespace brood::model {

/// The members of a JSON object as they stand in its text: decoded key → the value's own bytes, of a key that
/// stands twice the last. So a value we do not know travels on exactly, numbers beyond 64 bits included.
/// REQUIRES: `object` is valid JSON and an object.
[[nodiscard]] std::map<std::string, std::string_view> RawMembers(std::string_view object);

}  // namespace brood::model
