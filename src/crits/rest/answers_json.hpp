#pragma once

#include <string>
#include <string_view>

#include "crits/crits.hpp"
#include "http/client.hpp"

namespace brood::crits::rest {

/// "http://crits.example" and "add results", for sentences.
struct CallName {
  std::string url, call;
  Secret key;  ///< never to be seen, whatever CRITs says
};

/// What an answer means: its object's id ("" if it has none), or why not. The three calls share their shape.
[[nodiscard]] Result<std::string> ReadAnswer(const CallName& name, const http::Response& response);

/// No answer, or no whole one.
[[nodiscard]] CritsError FromTransport(const CallName& name, const http::HttpError& error);

}  // namespace brood::crits::rest
