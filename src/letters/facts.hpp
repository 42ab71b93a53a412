#pragma once

#include <cstdint>
#include <string>

#include "model/ids.hpp"
#include "store/dead_letters.hpp"

namespace brood::letters {

/// What a dead letter says about its message, fit to be shown: no keys, no secrets in URLs. What the message
/// does not name is empty or 0.
struct Facts {
  std::string stage;  ///< the service that failed
  std::string kind;   ///< "transient", "permanent", "task_lost"
  std::string what;   ///< the failure's sentence
  std::string error;  ///< what the other side said
  std::string node;
  std::string analysis;  ///< in CRITs
  std::string file;      ///< the sample's name
  model::SampleHash sha256;
  model::TaskId task;
};

/// Of a record that cannot be read `error` says that.
[[nodiscard]] Facts FactsOf(const store::DeadLetter& letter);

/// The message itself, as ShownMessage shows it; of a record that cannot be read the record.
[[nodiscard]] std::string MessageOf(const store::DeadLetter& letter);

}  // namespace brood::letters
