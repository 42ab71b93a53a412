#pragma once

#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "http/client.hpp"
#include "http/url.hpp"

namespace brood::feeds {

/// What a server said of the list that we have; empty where it said nothing.
struct Validators {
  std::string etag, last_modified;
};

struct FetchLimits {
  std::size_t max_size = std::size_t{16} << 20;
  Millis timeout{60'000};
};

struct Unchanged {};
struct Fetched {
  std::string text;
  Validators validators;
};

/// GETs the list, only if it is another one than `known` says. A redirect is followed five times at most, and
/// only to the same scheme, host and port. The error is a sentence, with the URL without its query.
[[nodiscard]] Expected<std::variant<Unchanged, Fetched>, std::string> Fetch(http::Client& client,
                                                                            const std::string& url,
                                                                            const Validators& known,
                                                                            const FetchLimits& limits,
                                                                            const std::stop_token& stop);

/// Where a redirect from `url` leads, or why it is not followed: a list's server must not send us to others, in
/// our own network perhaps.
[[nodiscard]] Expected<std::string, std::string> FollowedTo(const http::Url& url, std::string_view location);

}  // namespace brood::feeds
