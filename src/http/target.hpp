#pragma once

#include <string_view>

#include "base/expected.hpp"
#include "http/server.hpp"

namespace brood::http {

/// The path of a request target ("/a?b" or "http://host/a?b"), still encoded; "" for anything else.
[[nodiscard]] std::string_view RawPath(std::string_view target);

/// Fills the request's path and query from its target. The error is the sentence for a 400.
[[nodiscard]] Expected<void, std::string> ReadTarget(ServerRequest& request);

}  // namespace brood::http
