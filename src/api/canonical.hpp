#pragma once

#include <string>
#include <string_view>

#include "api/replies.hpp"
#include "store/lists.hpp"

namespace brood::api {

// The one form in which a value is stored and looked up, so that what was put is found however it is written.
// The refusals are 400 with a sentence.

/// subnet: the network's address and prefix ("10.0.0.0/8", "2001:db8::/32"; one address gets /32 or /128) ·
/// hash: MD5, SHA-1, SHA-256 or SHA-512 in lower case · domain: lower case without the dot at the end.
[[nodiscard]] Expected<std::string, Refusal> CanonicalWhitelistValue(store::WhitelistKind kind,
                                                                     std::string_view value);

/// A value to put on the blacklist: for type hash an MD5 in lower case, for ip, domain and url its form in
/// rules/net_names.hpp; a type that no rules know is refused.
[[nodiscard]] Expected<std::string, Refusal> CanonicalBlacklistValue(std::string_view type,
                                                                     std::string_view value);

/// A value to look for or to remove, of any type; one that its type cannot have is taken as it is.
[[nodiscard]] Expected<std::string, Refusal> BlacklistKey(std::string_view type, std::string_view value);

}  // namespace brood::api
