#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crits/crits.hpp"
#include "crits/settings.hpp"
#include "metrics/registry.hpp"
#include "report/limits.hpp"
#include "report/reader.hpp"
#include "sandbox/sandbox.hpp"
#include "stage/stage.hpp"
#include "stages/parse_and_submit/crits_dropped.hpp"
#include "stages/parse_and_submit/crits_plan.hpp"
#include "store/store.hpp"

namespace brood::stages::parse_and_submit {

/// Sends what a report says to the analysis in CRITs that its message names, and ends the analysis. Each
/// request is recorded before and after (`store::Effects`): only one that was cut off in between is sent again.
/// Results, which cannot be read back, go one request at a time, so that a kill leaves one in doubt.
/// Safe to call from several workers.
class CritsSink {
 public:
  /// `scratch` is a folder for archives while they are read. `relay_queue` names where messages go whose
  /// analysis another instance is to continue; empty: none.
  CritsSink(crits::Settings settings, std::string relay_queue, std::filesystem::path scratch,
            crits::Crits& crits, store::Effects& effects, metrics::Registry& metrics);

  /// What a report must be read with for this sink.
  [[nodiscard]] report::Limits Wanting(report::Limits limits) const;

  /// Everything of this message's was sent before: its report need not be fetched for CRITs.
  [[nodiscard]] Expected<bool, Error> IsDone(const model::TaskMessage& task, Time now);

  /// Everything of this message's was sent before, whether another instance continues or not.
  [[nodiscard]] Expected<bool, Error> WasPushed(const model::TaskMessage& task, Time now);

  /// Sends it all. The message for the next instance, if there is one.
  [[nodiscard]] Expected<std::optional<broker::Outgoing>, Error> Push(const model::TaskMessage& task,
                                                                      sandbox::Node& node,
                                                                      const report::ReadResult& read,
                                                                      const stage::Turn& turn);

 private:
  Expected<void, Error> SendOnce(const crits::Analysis& analysis, const crits::Update& update,
                                 const stage::Turn& turn);
  void Tidy(Time now);

  const crits::Settings settings_;
  const std::vector<crits::Parser> enabled_;
  const std::string relay_queue_;
  const std::filesystem::path scratch_;
  crits::Crits& crits_;
  store::Effects& effects_;
  metrics::Counter& results_;
  metrics::Counter& left_out_;
  metrics::Counter& repeated_;
  metrics::Counter& ended_;
  std::atomic<std::int64_t> tidied_{0};  ///< ms
  std::mutex adding_results_;
};

}  // namespace brood::stages::parse_and_submit
