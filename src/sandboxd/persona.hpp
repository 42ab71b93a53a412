#pragma once

#include <string>
#include <string_view>

#include "http/server.hpp"
#include "sandboxd/sandboxd.hpp"

namespace brood::sandboxd {

// How answers look on the wire, by whose manners they have. Source: recorded answers of Cuckoo 1.2 and 2.0.7
// (testdata/README.md).

/// An answer that is fine; `body` is its JSON.
[[nodiscard]] http::ServerResponse JsonAnswer(Persona persona, std::string body);
/// What the server itself refuses: {"message"} on 2.0.7, an HTML page around the message on 1.2.
[[nodiscard]] http::ServerResponse Refusal(Persona persona, int status, std::string_view message,
                                           const http::ServerRequest& request);
/// What the framework below it answers: an unknown path, a bad number, an uncaught exception. HTML on both.
[[nodiscard]] http::ServerResponse ErrorPage(Persona persona, int status, const http::ServerRequest& request);

/// Headers that every answer of the original servers has.
void AddHeaders(Persona persona, http::ServerResponse& response);
/// Connections, backlog and the manner to Expect: 100-continue.
void SetManners(Persona persona, http::ServerSettings& settings);

}  // namespace brood::sandboxd
