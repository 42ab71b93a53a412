#include "crits/crits.hpp"

namespace brood::crits {

Error ToError(const CritsError& error) {
  const bool for_good = error.code == Errc::kNotAllowed || error.code == Errc::kRefused;
  return for_good ? Permanent(error.what) : Transient(error.what);
}

std::string_view Name(Errc code) {
  switch (code) {
    case Errc::kNotAllowed:
      return "not allowed";
    case Errc::kUnreachable:
      return "unreachable";
    case Errc::kAnswerLost:
      return "answer lost";
    case Errc::kServerError:
      return "server error";
    case Errc::kUnauthorized:
      return "unauthorized";
    case Errc::kRefused:
      return "refused";
    case Errc::kBadAnswer:
      return "bad answer";
    case Errc::kStopped:
      return "stopped";
  }
  return "";
}

std::string_view Name(Level level) {
  switch (level) {
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "";
}

}  // namespace brood::crits
