#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace brood::store::opensearch {

// Pieces of an answer as their own bytes: a stored document of megabytes is cut out, not taken apart and put
// together again. They look at brackets and quotes alone; what is no JSON at all is nothing.

using Members = std::vector<std::pair<std::string_view, std::string_view>>;  ///< key as written, value

[[nodiscard]] std::optional<Members> MembersOf(std::string_view object);
[[nodiscard]] std::optional<std::vector<std::string_view>> ItemsOf(std::string_view list);
/// Empty if there is none.
[[nodiscard]] std::string_view MemberOf(std::string_view object, std::string_view key);

}  // namespace brood::store::opensearch
