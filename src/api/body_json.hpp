#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "api/replies.hpp"

namespace brood::api {

/// A request's body as one JSON object of texts: every name of `known` is in the result, "" where the body has
/// none. At most 64 KiB (413); anything that is not such an object, or has other keys, is 400 with the key.
[[nodiscard]] Expected<std::map<std::string, std::string>, Refusal> TextFieldsOf(
    std::string_view body, std::initializer_list<std::string_view> known);

}  // namespace brood::api
