#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/section.hpp"
#include "metrics/registry.hpp"
#include "model/messages.hpp"
#include "model/verdict.hpp"
#include "rules/evaluate.hpp"
#include "stage/stage.hpp"
#include "store/recent_reports.hpp"
#include "store/store.hpp"

namespace brood::stages::blacklist_processor {

struct Settings {
  std::string consumer_queue = "worker/blacklist_processor";
  std::string failed_queue = "worker/failed";
  std::size_t prefetch_count = 64;
  std::size_t workers = 2;
  std::size_t batch = 8;
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// The rules and lists in force, current at each call. Called by several workers at once.
using CurrentRules = std::function<rules::RuleSet()>;
using CurrentLists = std::function<std::shared_ptr<const rules::Lists>()>;

/// Applies the rules to stored reports in batches: entries first, then the reports are marked processed (each
/// only if it is still the run that was read), then the submissions are scored. Doing it again gives the same.
/// A report is taken from `recent`, if there is one and it is there, else read from the store.
class BlacklistProcessor final : public stage::Stage {
 public:
  BlacklistProcessor(Settings settings, CurrentRules current_rules, CurrentLists current_lists,
                     store::Store& store, store::RecentReports* recent, metrics::Registry& metrics);

  [[nodiscard]] std::string Name() const override { return "blacklist_processor"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  struct Work;

  /// The report's model, for `work.key`; null with the fate that ends it early in `work.fate`.
  std::shared_ptr<const model::Report> Find(Work& work);
  std::shared_ptr<const model::Report> ReadStored(Work& work);
  /// Reads and scores one report.
  void Score(Work& work, const rules::RuleSet& rules, const rules::Lists& lists);
  Expected<void, Error> WriteEntries(std::vector<Work>& works, Time now);
  Expected<void, Error> MarkProcessed(const std::vector<Work>& works);
  Expected<void, Error> MoveRecords(std::vector<Work>& works, Time now);
  void CountLimitHits(const rules::Evaluation& evaluation, const std::string& report);

  const Settings settings_;
  const CurrentRules current_rules_;
  const CurrentLists current_lists_;
  store::Store& store_;
  store::RecentReports* const recent_;
  metrics::Counter& scored_;
  metrics::Counter& blacklisted_;
  metrics::Counter& limit_hits_;
};

}  // namespace brood::stages::blacklist_processor
