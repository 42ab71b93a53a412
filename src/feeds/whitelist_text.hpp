#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "rules/lists_folder.hpp"
#include "store/lists.hpp"

namespace brood::feeds {

/// The one form in which a value is stored and looked up. subnet: the network's address and prefix
/// ("10.0.0.0/8", "2001:db8::/32"; one address gets /32 or /128) · hash: MD5, SHA-1, SHA-256 or SHA-512 in
/// lower case · domain: lower case without the dot at the end. The error is a sentence.
[[nodiscard]] Expected<std::string, std::string> CanonicalWhitelistValue(store::WhitelistKind kind,
                                                                         std::string_view value);

/// A whitelist as text: one value a line, then its owner, which is `owner` where the line names none. What a
/// value is, its look tells: digits, dots, colons and a slash are a subnet, 32, 40, 64 or 128 hex digits a
/// hash, everything else a domain. `#` at the start of a line or behind a blank begins a comment. Every bad
/// line is told; `file` is the name in that.
[[nodiscard]] Expected<std::vector<store::WhitelistEntry>, std::vector<rules::ListProblem>> ReadWhitelist(
    const std::string& file, std::string_view text, const std::string& owner);

}  // namespace brood::feeds
