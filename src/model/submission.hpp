#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace brood::model {

/// Where a submission stands. The order is the order of the way: a record only moves forward.
enum class State { kAccepted, kFeeding, kFed, kStored, kFailed, kScored };

[[nodiscard]] std::string_view Name(
    State state);  ///< "accepted", "feeding", "fed", "stored", "failed", "scored"
[[nodiscard]] std::optional<State> StateFrom(std::string_view name);

/// One detonation. Ordered by when it was fed, so that an older run never replaces a newer one's report.
struct Run {
  Time fed_at{};
  std::string id;  ///< "<submission>:<attempt>"; without a submission "<node>:<task>"

  auto operator<=>(const Run&) const = default;
};

[[nodiscard]] std::string ToText(const Run& run);  ///< "<fed_at ms>/<id>"
[[nodiscard]] std::optional<Run> RunFrom(std::string_view text);

/// The record of one submission: what people see and what stages deduplicate by. Holds no keys.
struct Submission {
  SubmissionId id;
  SampleHash sha256;
  std::string name;                            ///< of the file, for people
  std::string origin;                          ///< "folder", "api", "crits", …
  std::map<std::string, std::string> options;  ///< form fields for the sandbox, to feed it again
  State state = State::kAccepted;
  int attempt = 0;  ///< counts up when work starts anew (node died, a person retried)
  Time accepted{};
  Time changed{};
  NodeUrl node;               ///< from kFeeding on
  TaskId task;                ///< from kFed on
  Run run;                    ///< from kStored on
  std::string stage, reason;  ///< where and why it failed
  std::string report_note;    ///< "empty" when the sandbox saw no behaviour
  double score = 0.0;
  bool blacklisted = false;
  std::string reasons;  ///< JSON list of reasons, as in the blacklist, "" before it is scored

  /// Grows with every step forward: attempt · 100 + rank of the state. The condition of every write.
  [[nodiscard]] std::int64_t Version() const;
  bool operator==(const Submission&) const = default;
};

// The marker in a task's `custom` field tells our tasks from others after ids were given again:
// "<user's text> brood:<submission>:<attempt>", ASCII, 255 at most. `owner` (2.x) is "brood-<submission>".

struct Marker {
  SubmissionId submission;
  int attempt = 0;
  bool operator==(const Marker&) const = default;
};

[[nodiscard]] std::string ToText(const Marker& marker);
/// In the place of a marker that the user's text ends with already.
[[nodiscard]] std::string MarkedCustom(std::string_view user_text, const Marker& marker);
/// The marker at the end of `custom`; nothing if there is none.
[[nodiscard]] std::optional<Marker> MarkerFrom(std::string_view custom);
[[nodiscard]] std::string OwnerOf(const SubmissionId& submission);

/// An id derived from what names the work, so that seeing it again gives the same id: 32 hex digits of SHA-256.
[[nodiscard]] SubmissionId DeriveSubmissionId(std::string_view what_names_it);

}  // namespace brood::model
