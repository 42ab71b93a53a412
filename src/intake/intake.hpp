#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "broker/message.hpp"
#include "model/ids.hpp"
#include "samples/samples.hpp"
#include "store/store.hpp"

namespace brood::intake {

/// A sample that somebody hands in. `id` names the sighting, so that handing it in again after a crash is the
/// same one.
struct Request {
  model::SubmissionId id;
  model::SampleHash sha256;                    ///< of bytes that are in the sample store already
  std::string name;                            ///< of the file, for the sandbox and for people
  std::string origin;                          ///< "folder", "api"
  std::map<std::string, std::string> options;  ///< form fields for the sandbox
  enum class Known { kCount, kAnalyseAgain } known = Known::kCount;
};

struct Accepted {
  enum class Outcome {
    kNew,       ///< on its way: publish `publish`
    kCounted,   ///< the content was analysed: one more sighting was counted, nothing is analysed
    kJoined,    ///< the same while its analysis is under way: the one result, or why there is none, is for both
    kOnItsWay,  ///< this very sighting was accepted before and is further on
  } outcome = Outcome::kNew;
  model::SubmissionId submission;  ///< whose analysis this content has; of kNew too it may be an earlier one
  std::vector<broker::Outgoing> publish;  ///< must be durable before the sighting's source is given up
};

struct Settings {
  std::string feed_queue = "worker/feed_cuckoo";
  /// Form fields sent with every sample unless the request has its own: without the list of API calls a report
  /// is a tenth of its size.
  std::map<std::string, std::string> default_options = {{"options", "json.calls=0"}};
  /// Content whose last analysis was taken in so long ago or longer is analysed anew when it is seen. 0: never.
  Millis seen_for{0};
};

/// Accepts samples: claim on the hash, record, message. Used by submit_binary, the API and the command line.
/// Whatever number is accepted together costs one write of claims and one of records.
/// Every step may be repeated after a crash: the claim is the sighting's own and the record only moves forward.
/// Content that is analysed anew gets a new submission, which takes the claim over first: sightings from then
/// on are of that one. A joined sighting has no record of its own and so cannot be left behind by any crash: it
/// is answered with the submission that it waits for. Thread-safe.
class Intake {
 public:
  Intake(store::Submissions& submissions, store::Hashes& hashes, Settings settings, Clock& clock)
      : submissions_(submissions), hashes_(hashes), settings_(std::move(settings)), clock_(clock) {}

  using Answer = store::Result<Accepted>;
  /// One answer for each request, in order; two of the same content may be among them.
  [[nodiscard]] std::vector<Answer> AcceptAll(std::span<const Request> requests);
  [[nodiscard]] Answer Accept(const Request& request) {
    return std::move(AcceptAll(std::span(&request, 1)).front());
  }

 private:
  [[nodiscard]] Answer Known(const Request& request);
  [[nodiscard]] Answer Imported(const Request& request);
  [[nodiscard]] bool HasExpired(const model::Submission& record) const;
  [[nodiscard]] Answer AnalyseAnew(const Request& request, const model::SubmissionId& holder);
  [[nodiscard]] store::Result<void> TakeClaimOver(const Request& request);
  [[nodiscard]] std::vector<Answer> AcceptClaimed(std::span<const Request> requests);
  [[nodiscard]] model::Submission RecordOf(const Request& request) const;
  [[nodiscard]] Answer Follow(const model::Submission& record, store::Moved moved);
  [[nodiscard]] broker::Outgoing FeedMessageFor(const model::Submission& record) const;

  store::Submissions& submissions_;
  store::Hashes& hashes_;
  const Settings settings_;
  Clock& clock_;
};

}  // namespace brood::intake
