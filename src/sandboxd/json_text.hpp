#pragma once

#include <string>

#include <boost/json/fwd.hpp>

#include "sandboxd/sandboxd.hpp"

namespace brood::sandboxd {

/// JSON as Flask 0.12 (2.0.7; keys sorted), bottle (1.2) or a compact writer (brood) writes it.
[[nodiscard]] std::string ToText(Persona persona, const boost::json::value& value);
/// On one line: as Python's json.dumps with sorted keys writes it (2.0.7's parts of reports), or compact
/// (brood).
[[nodiscard]] std::string ToLine(Persona persona, const boost::json::value& value);

}  // namespace brood::sandboxd
