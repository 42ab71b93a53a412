#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <boost/json/value.hpp>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "cli/context.hpp"

namespace brood::cli {

/// Which dead letters; what is empty lets every one through.
struct LetterQuery {
  std::string state, queue, key_prefix;
  std::size_t size = 100;
  std::string after;
};

/// The dead letters of this installation, as a person's commands reach them. The answers are those of
/// /api/v1/dead. Errors: kTransient when nobody can be reached, kPermanent with a sentence when it is refused.
class DeadDesk {
 public:
  using Answer = Expected<boost::json::value, Error>;

  virtual ~DeadDesk() = default;
  [[nodiscard]] virtual Answer List(const LetterQuery& query) = 0;
  [[nodiscard]] virtual Answer Show(const std::string& key) = 0;
  [[nodiscard]] virtual Answer Retry(const std::string& key) = 0;
  [[nodiscard]] virtual Answer Drop(const std::string& key, const std::string& reason) = 0;
};

/// Over the API of the running brood. Where none answers, as where the services run each alone, the records in
/// the state folder themselves, which is told on standard error; an error where there are none either.
[[nodiscard]] Expected<std::unique_ptr<DeadDesk>, Error> OpenDesk(const Context& context);

}  // namespace brood::cli
