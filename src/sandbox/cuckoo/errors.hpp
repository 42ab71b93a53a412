#pragma once

#include <string>
#include <string_view>

#include "http/client.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox::cuckoo {

/// What a call is about: whether 404 speaks of its task, and whether it may have changed something.
enum class Manner { kAsks, kAsksOfATask, kChanges, kChangesATask };

/// "http://node:8090" and "view task 17".
struct CallName {
  std::string node;  ///< as it may be shown
  std::string call;
  Manner manner = Manner::kAsks;
};

/// No answer, or no whole one.
[[nodiscard]] SandboxError FromTransport(const CallName& name, const http::HttpError& error);
/// An answer that is not 2xx. 404 is kNotFound only where the call names a task; elsewhere the URL is no
/// Cuckoo's.
[[nodiscard]] SandboxError FromStatus(const CallName& name, const http::Response& response);
/// A 2xx answer that cannot be read: kServerError for an HTML page, else kBadAnswer.
[[nodiscard]] SandboxError FromBadBody(const CallName& name, const std::string& problem, std::string_view body);

}  // namespace brood::sandbox::cuckoo
