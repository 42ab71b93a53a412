#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/section.hpp"
#include "metrics/registry.hpp"
#include "model/messages.hpp"
#include "model/submission.hpp"
#include "samples/samples.hpp"
#include "sandbox/fleet.hpp"
#include "stage/stage.hpp"
#include "store/store.hpp"

namespace brood::stages::feed_cuckoo {

struct Settings {
  std::string consumer_queue = "worker/feed_cuckoo";
  std::string producer_queue = "worker/check_results";
  std::string cleanup_queue = "worker/cleanup";
  std::string failed_queue = "worker/failed";
  std::size_t prefetch_count = 32;
  std::size_t workers = 8;
  Millis upload_deadline{300'000};  ///< an upload whose answer was lost may still arrive for so long
  Millis look_again_after{60'000};  ///< and so much longer is waited before its marker's absence is believed
  Millis dead_after{1'800'000};     ///< a node down for so long has its unfinished tasks fed elsewhere
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// Uploads a sample to a sandbox and says which task it became. A submission's record goes accepted →
/// feeding(node) → fed(task); found in `feeding` it is in doubt whether the upload arrived, so its marker is
/// looked for on that node before anything is uploaded again. An accepted record that names a node says that
/// the attempt before may have left a task there, to be deleted when that node is back.
class FeedCuckoo final : public stage::Stage {
 public:
  FeedCuckoo(Settings settings, sandbox::Fleet& fleet, store::Submissions& submissions,
             samples::SampleStore& samples, metrics::Registry& metrics)
      : settings_(std::move(settings)),
        fleet_(fleet),
        submissions_(submissions),
        samples_(samples),
        detonated_twice_(metrics.GetCounter("brood_feed_cuckoo_twins_total",
                                            "Tasks found that analyse a submission a second time.")),
        uncertain_(
            metrics.GetCounter("brood_feed_cuckoo_uploads_not_found_total",
                               "Uploads without an answer that were looked for in vain and done again.")) {}

  [[nodiscard]] std::string Name() const override { return "feed_cuckoo"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  struct Work;
  /// Whether an attempt that is given up may have a task in its sandbox.
  enum class Leftover { kNone, kMaybeATask };

  stage::Fate HandleOne(const broker::Message& message, const stage::Turn& turn);
  Expected<void, stage::Fate> TakeIn(Work& work);
  stage::Done Named(const Work& work) const;
  const std::string& QueueOf(const Work& work) const;
  Expected<model::Submission, stage::Fate> RecordOf(Work& work);
  stage::Fate FromTheStart(Work& work);
  stage::Fate InDoubt(Work& work);
  stage::Fate Found(Work& work, sandbox::Node& node, const std::vector<sandbox::TaskRow>& rows);
  stage::Fate Absent(Work& work, const std::string& why);
  stage::Fate Silent(Work& work, const sandbox::SandboxError& error);
  stage::Fate Damaged(Work& work);
  stage::Fate StartAnew(Work& work, const std::string& why, Leftover leftover);
  static bool LeftSomething(const Work& work);
  stage::Done Again(const Work& work) const;
  static stage::Fate WithoutSample(std::string what, const samples::SampleError& error);
  stage::Fate UploadTo(Work& work, sandbox::Node& node, const std::filesystem::path& file);
  stage::Fate UploadFailed(Work& work, sandbox::Node& node, const sandbox::SandboxError& error);
  stage::Fate RecordFed(Work& work, model::TaskId task);
  stage::Done Fed(const Work& work) const;
  Expected<store::Moved, stage::Fate> Move(const model::Submission& record);

  const Settings settings_;
  sandbox::Fleet& fleet_;
  store::Submissions& submissions_;
  samples::SampleStore& samples_;
  metrics::Counter& detonated_twice_;
  metrics::Counter& uncertain_;
};

}  // namespace brood::stages::feed_cuckoo
