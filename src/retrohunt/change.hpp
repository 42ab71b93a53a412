#pragma once

#include <optional>
#include <string>

#include "store/blacklist.hpp"

namespace brood::retrohunt {

/// One entry that comes (no `before`), goes (no `after`) or says something else.
struct Change {
  std::optional<store::BlacklistEntry> before, after;
};

/// One line, two for an entry that says something else:
///   + hash 44d88612fea8a8f36de82e1278abb02f 2.5 mutex: evil twin; string: a, b and 7 more
///   - ip 192.0.2.1 2.0 tcp_port: 6667
/// May hold any character of what came from outside: make it printable before a terminal sees it.
[[nodiscard]] std::string ToText(const Change& change);

/// {"change": "added" | "removed" | "changed", "type", "value", "before": {"score", "reasons"} or null,
/// "after"}
[[nodiscard]] std::string ToJson(const Change& change);

}  // namespace brood::retrohunt
