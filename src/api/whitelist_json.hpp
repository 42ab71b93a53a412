#pragma once

#include <string>
#include <string_view>

#include "api/replies.hpp"
#include "store/lists.hpp"

namespace brood::api {

[[nodiscard]] std::string ToJson(const store::WhitelistEntry& entry);

/// From {"kind", "value", "owner"}: checked, the value in its canonical form. Kind is subnet where it is left
/// out.
[[nodiscard]] Expected<store::WhitelistEntry, Refusal> WhitelistEntryFromBody(std::string_view body);

/// "subnet", "hash", "domain"; "" is subnet; else 400.
[[nodiscard]] Expected<store::WhitelistKind, Refusal> KindFrom(std::string_view name);

}  // namespace brood::api
