#pragma once

#include <string>
#include <string_view>

namespace brood {

/// What a failure means for the work it befell. It decides what overseer does with it.
enum class ErrorKind {
  kTransient,  ///< may succeed later: tried again after a delay
  kPermanent,  ///< undecodable or refused as invalid: dumped at once
  kTaskLost,   ///< the sandbox's task is dead or gone: fed again, elsewhere if possible
};

/// A failure told to a person: what happened and to what, in one sentence without a secret.
/// `detail` is what the other side said (an exception's text, an HTTP status and body's head).
struct Error {
  ErrorKind kind = ErrorKind::kTransient;
  std::string what;
  std::string detail;
};

[[nodiscard]] Error Transient(std::string what, std::string detail = {});
[[nodiscard]] Error Permanent(std::string what, std::string detail = {});
[[nodiscard]] Error TaskLost(std::string what, std::string detail = {});

[[nodiscard]] std::string_view Name(ErrorKind kind);           ///< "transient", "permanent", "task_lost"
[[nodiscard]] ErrorKind ErrorKindFrom(std::string_view name);  ///< an unknown name is transient

/// "what: detail", or only what there is.
[[nodiscard]] std::string Describe(const Error& error);

}  // namespace brood
