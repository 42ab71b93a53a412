#include "sandbox/cuckoo/errors.hpp"

#include <fmt/format.h>

#include <utility>

#include "sandbox/cuckoo/answers_json.hpp"

namespace brood::sandbox::cuckoo {
namespace {

SandboxError Make(const CallName& name, Errc code, std::string_view what) {
  return {code, fmt::format("{}: {}: {}", name.node, name.call, what)};
}

bool NamesATask(const CallName& name) {
  return name.manner == Manner::kAsksOfATask || name.manner == Manner::kChangesATask;
}

bool Changes(const CallName& name) {
  return name.manner == Manner::kChanges || name.manner == Manner::kChangesATask;
}

Errc CodeOf(const CallName& name, const http::HttpError& error) {
  switch (error.code) {
    case http::Errc::kStopped:
      return Errc::kStopped;
    case http::Errc::kBadRequest:
      return Errc::kRefused;
    case http::Errc::kTooLarge:
      return Errc::kBadAnswer;
    case http::Errc::kBadAnswer:
      return Changes(name) ? Errc::kAnswerLost : Errc::kBadAnswer;
    case http::Errc::kConnect:
    case http::Errc::kTimeout:
    case http::Errc::kClosed:
    case http::Errc::kTls:
      break;
  }
  return error.reached == http::Reached::kNo ? Errc::kUnreachable : Errc::kAnswerLost;
}

Errc CodeOf(const CallName& name, int status) {
  if (status == 401 || status == 403) return Errc::kUnauthorized;
  if (status == 404 && NamesATask(name)) return Errc::kNotFound;
  if (status == 404 || status == 405 || status < 400) return Errc::kBadAnswer;
  if (status == 408 || status == 425 || status == 429 || status >= 500) return Errc::kServerError;
  return Errc::kRefused;
}

}  // namespace

SandboxError FromTransport(const CallName& name, const http::HttpError& error) {
  return Make(name, CodeOf(name, error), error.what);
}

SandboxError FromStatus(const CallName& name, const http::Response& response) {
  const Errc code = CodeOf(name, response.status);
  const std::string_view hint = code == Errc::kUnauthorized ? " (is the token right?)"
                                : code == Errc::kBadAnswer  ? " (is this the URL of a Cuckoo API?)"
                                                            : "";
  return Make(name, code, fmt::format("HTTP {}, {}{}", response.status, MessageOf(response.body), hint));
}

SandboxError FromBadBody(const CallName& name, const std::string& problem, std::string_view body) {
  if (IsHtml(body)) {
    return Make(name, Errc::kServerError, "an HTML page came where JSON is due: " + MessageOf(body));
  }
  return Make(name, Errc::kBadAnswer, problem);
}

}  // namespace brood::sandbox::cuckoo
