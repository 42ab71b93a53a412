#include "base/error.hpp"

#include <utility>

namespace brood {

Error Transient(std::string what, std::string detail) {
  return {ErrorKind::kTransient, std::move(what), std::move(detail)};
}

Error Permanent(std::string what, std::string detail) {
  return {ErrorKind::kPermanent, std::move(what), std::move(detail)};
}

Error TaskLost(std::string what, std::string detail) {
  return {ErrorKind::kTaskLost, std::move(what), std::move(detail)};
}

std::string_view Name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kPermanent:
      return "permanent";
    case ErrorKind::kTaskLost:
      return "task_lost";
    case ErrorKind::kTransient:
      break;
  }
  return "transient";
}

ErrorKind ErrorKindFrom(std::string_view name) {
  if (name == "permanent") return ErrorKind::kPermanent;
  if (name == "task_lost") return ErrorKind::kTaskLost;
  return ErrorKind::kTransient;
}

std::string Describe(const Error& error) {
  return error.detail.empty() ? error.what : error.what + ": " + error.detail;
}

}  // namespace brood
