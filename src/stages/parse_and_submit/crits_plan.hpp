#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crits/crits.hpp"
#include "crits/parsers.hpp"
#include "model/messages.hpp"

namespace brood::stages::parse_and_submit {

// Pure: what is to be done in CRITs for a message, and under which names it is remembered.

/// False for a submission that does not come from CRITs: its messages name no object there.
[[nodiscard]] bool ConcernsCrits(const model::CritsData& crits);

struct CritsPlan {
  std::vector<crits::Parser> run;  ///< those that no instance before this one ran
  bool relay = false;              ///< another instance comes after this one, and ends the analysis
  std::size_t used = 0;            ///< bytes of results that instances before this one sent
  std::int64_t first_batch = 1;
};

/// With a queue to relay to, an instance all of whose parsers have run ends the chain. So a circle ends too.
[[nodiscard]] CritsPlan PlanFor(const std::vector<crits::Parser>& enabled, const model::TaskMessage& task,
                                bool can_relay);

/// The message for the next instance.
[[nodiscard]] model::TaskMessage Relayed(const model::TaskMessage& task, const CritsPlan& plan,
                                         std::size_t used, std::int64_t next_batch);

// Names for the record of effects. They hold no key and no content.
/// Made of what a message has left after a hop through a Go service, too.
[[nodiscard]] std::string KeyOfAll(const model::TaskMessage& task);
[[nodiscard]] std::string KeyOf(const crits::Analysis& analysis, const crits::Update& update);
[[nodiscard]] std::string KeyOfSample(const crits::Analysis& analysis, std::string_view sha256,
                                      std::string_view name);

}  // namespace brood::stages::parse_and_submit
