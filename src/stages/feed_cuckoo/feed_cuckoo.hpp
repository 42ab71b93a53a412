#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/section.hpp"
#include "metrics/registry.hpp"
#include "model/interop.hpp"
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
  model::Interop interop = model::Interop::kBrood;
  std::size_t prefetch_count = 32;
  std::size_t workers = 8;
  std::size_t batch = 8;  ///< samples a worker takes at once, where many wait
  /// Bytes that came in a message stay in it when it goes on: another feeder may not have our samples.
  bool keep_inline = false;
  /// The CRITs of messages that name none: a Go service behind us knows no other than the message's.
  std::string crits_url;
  Millis upload_deadline{300'000};  ///< an upload whose answer was lost may still arrive for so long
  Millis look_again_after{60'000};  ///< and so much longer is waited before its marker's absence is believed
  Millis dead_after{1'800'000};     ///< a node down for so long has its unfinished tasks fed elsewhere
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// Uploads samples to the sandboxes and says which tasks they became. A batch's records are written together,
/// its uploads are done one after the other. A submission's record goes accepted → feeding(node) → fed(task);
/// found in `feeding` it is in doubt whether the upload arrived, so its marker is looked for on that node
/// before anything is uploaded again. An accepted record that names a node says that the attempt before may
/// have left a task there, to be deleted when that node is back.
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

  void TakeIn(Work& work);
  void FindRecords(std::span<Work> works);
  void Decide(Work& work);
  void Feed(std::vector<Work*> works);
  void ChooseFor(Work& work);
  void UploadAll(std::span<Work* const> works);
  bool Upload(Work& work);
  void RecordFed(std::span<Work* const> works);
  static void BecomeFed(Work& work, model::TaskId task);
  Expected<store::Moved, stage::Fate> Move(const model::Submission& record);
  std::vector<store::Moved> MoveAll(std::span<Work* const> works);
  stage::Done Named(const Work& work) const;
  const std::string& QueueOf(const Work& work) const;
  stage::Fate InDoubt(Work& work);
  stage::Fate Found(Work& work, sandbox::Node& node, const std::vector<sandbox::TaskRow>& rows);
  stage::Fate Absent(Work& work, const std::string& why);
  stage::Fate Silent(Work& work, const sandbox::SandboxError& error);
  stage::Fate Damaged(Work& work);
  stage::Fate StartAnew(Work& work, const std::string& why, Leftover leftover);
  static bool LeftSomething(const Work& work);
  stage::Done Again(const Work& work) const;
  static stage::Fate WithoutSample(std::string what, const samples::SampleError& error);
  stage::Fate UploadFailed(Work& work, sandbox::Node& node, const sandbox::SandboxError& error);
  stage::Done Fed(const Work& work) const;

  const Settings settings_;
  sandbox::Fleet& fleet_;
  store::Submissions& submissions_;
  samples::SampleStore& samples_;
  metrics::Counter& detonated_twice_;
  metrics::Counter& uncertain_;
};

}  // namespace brood::stages::feed_cuckoo
