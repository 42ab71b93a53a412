#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/section.hpp"
#include "metrics/registry.hpp"
#include "model/interop.hpp"
#include "model/messages.hpp"
#include "model/report.hpp"
#include "model/submission.hpp"
#include "report/limits.hpp"
#include "report/reader.hpp"
#include "sandbox/sandbox.hpp"
#include "stage/stage.hpp"
#include "stages/parse_and_submit/crits_sink.hpp"
#include "stages/parse_and_submit/report_room.hpp"
#include "store/recent_reports.hpp"
#include "store/store.hpp"

namespace brood::stages::parse_and_submit {

struct Settings {
  std::string consumer_queue = "worker/parse_and_submit";
  std::string producer_queue = "worker/blacklist_processor";
  std::string cleanup_queue = "worker/cleanup";
  std::string failed_queue = "worker/failed";
  model::Interop interop = model::Interop::kBrood;
  std::string relay_queue;  ///< of another instance, which continues the analysis in CRITs
  std::size_t prefetch_count = 32;
  std::size_t workers = 4;
  std::size_t batch = 8;
  bool cuckoo_cleanup = false;
  std::size_t hand_on = std::size_t{64} << 20;  ///< bytes; where blacklist_processor runs in the same process
  std::size_t memory = std::size_t{16} << 20;   ///< bytes of large reports in hand, all workers together
  report::Limits limits;
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// The node with this URL, or null. Called by several workers at once.
using FindNode = std::function<std::shared_ptr<sandbox::Node>(const model::NodeUrl&)>;

/// Fetches a report once, reads it as it comes, and stores the filtered document; those of a batch are stored
/// together. A message that came through a Go service is first published again with the keys that were lost,
/// made good from what the sandbox says of the task. A report that is missing or another sample's is a lost
/// task; one that breaks off is fetched again. What was stored also goes to
/// `recent`, if there is one. A report whose message names an analysis in CRITs goes there as well, through
/// `crits`; it is stored whether CRITs takes it or not, and the message's fate is CRITs'.
class ParseAndSubmit final : public stage::Stage {
 public:
  ParseAndSubmit(Settings settings, FindNode find_node, store::Submissions& submissions,
                 store::Reports& reports, store::RecentReports* recent, metrics::Registry& metrics,
                 std::unique_ptr<CritsSink> crits = nullptr);

  [[nodiscard]] std::string Name() const override { return "parse_and_submit"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  struct Work;

  void Begin(Work& work, const broker::Message& message, const stage::Turn& turn) const;
  void Complete(Work& work, const broker::Message& message, const stage::Turn& turn) const;
  void FindRecords(std::span<Work> works, Time now);
  void Compare(Work& work, Time now);
  void Fetch(Work& work, const stage::Turn& turn);
  sandbox::Result<bool> Receive(Work& work, report::Reader& reader, const std::stop_token& stop) const;
  void PushToCrits(Work& work, const stage::Turn& turn) const;
  [[nodiscard]] bool GoesToCrits(const Work& work) const;
  [[nodiscard]] stage::Fate WithoutReport(const Work& work, const sandbox::SandboxError& error, Time now) const;
  static std::optional<stage::Fate> Read(Work& work, report::Reader& reader);
  static void Compose(Work& work, Time now);
  void KeepAll(std::span<Work> works, const stage::Turn& turn);
  void Keep(std::span<Work* const> works, Time now);
  store::Result<store::Moved> PutInPieces(Work& work);
  store::Result<std::vector<store::Moved>> Put(std::span<Work* const> works);
  store::Result<void> MoveRecords(std::span<Work* const> works, Time now);
  void HandOn(Work& work);
  [[nodiscard]] stage::Done Next(const Work& work) const;
  void AddCleanup(const Work& work, stage::Done& done) const;

  const Settings settings_;
  const FindNode find_node_;
  store::Submissions& submissions_;
  store::Reports& reports_;
  store::RecentReports* const recent_;
  const std::unique_ptr<CritsSink> crits_;
  metrics::Registry& metrics_;
  ReportRoom room_;
  metrics::Counter& bytes_;
  metrics::Histogram& seconds_;
  metrics::Counter& twins_;
};

}  // namespace brood::stages::parse_and_submit
