#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "config/section.hpp"
#include "metrics/registry.hpp"
#include "model/messages.hpp"
#include "stage/stage.hpp"
#include "store/store.hpp"

namespace brood::stages::overseer {

struct Settings {
  std::string consumer_queue = "worker/failed";
  std::string feed_queue = "worker/feed_cuckoo";
  std::string cleanup_queue = "worker/cleanup";
  std::size_t prefetch_count = 100;
  std::size_t workers = 1;
  std::filesystem::path dump_dir = "dump";
  int max_attempts = 3;  ///< a message goes back so many times, then it is dumped
  int max_refeeds = 2;   ///< a submission whose task was lost is fed again so many times
  Millis first_delay{60'000};
  Millis max_delay{3'600'000};
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// Names a failed message: attempts are counted under its queue and body (or what stands for the body where it
/// was too large for the failure record).
[[nodiscard]] std::string LetterKey(const std::string& queue, const std::string& body);

/// Ends the analysis in CRITs that a message belongs to as failed, and says why there.
using EndInCrits = std::function<Expected<void, Error>(const model::CritsData& crits, const std::string& why,
                                                       std::stop_token stop)>;

/// Takes what other stages gave up: transient failures go back to their queue after a growing delay (DueLetters
/// sends them), a lost task is fed again, everything else is dumped, its submission marked failed and its
/// analysis in CRITs too, if there is one.
class Overseer final : public stage::Stage {
 public:
  Overseer(Settings settings, store::Submissions& submissions, store::Hashes& hashes,
           store::DeadLetters& letters, metrics::Registry& metrics, EndInCrits end_in_crits = {});

  [[nodiscard]] std::string Name() const override { return "overseer"; }
  [[nodiscard]] std::vector<stage::Fate> Handle(std::span<const broker::Message> batch,
                                                const stage::Turn& turn) override;

 private:
  struct Work;

  stage::Fate HandleOne(const broker::Message& message, const stage::Turn& turn);
  stage::Fate ToldAgain(const Work& work);
  stage::Fate Refeed(Work& work);
  stage::Fate Delay(Work& work);
  stage::Fate Bury(Work& work, const std::string& why);
  Expected<void, Error> MarkFailed(const Work& work, const std::string& why);
  Expected<void, Error> TellCrits(const Work& work, const std::string& why) const;
  Expected<void, Error> FindRecord(Work& work);

  const Settings settings_;
  const Backoff backoff_;
  store::Submissions& submissions_;
  store::Hashes& hashes_;
  store::DeadLetters& letters_;
  metrics::Registry& metrics_;
  const EndInCrits end_in_crits_;
};

}  // namespace brood::stages::overseer
