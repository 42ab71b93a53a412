#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/submission.hpp"
#include "store/result.hpp"

namespace brood::store {

/// A filtered report as stored. `id` is the sample's SHA-256, without one the submission's id, else
/// "node:task".
struct StoredReport {
  std::string id;
  model::Run run;
  model::SubmissionId submission;
  Time stored{};
  bool processed = false;
  std::string document;  ///< model::ToJson of the report
  bool operator==(const StoredReport&) const = default;
};

/// Hands a document to the sink piece by piece, in its order.
using DocumentSource = std::function<void(const std::function<void(std::string_view)>& sink)>;

struct ReportKey {
  std::string id;
  model::Run run;
};

/// The records of the index `cuckoo`.
class Reports {
 public:
  virtual ~Reports() = default;
  /// Idempotent per (id, run): the same run again changes nothing, `processed` included; an older run never
  /// replaces a newer one. kCurrent is said of both. A newer run replaces the record with what is given.
  [[nodiscard]] virtual Result<std::vector<Moved>> Put(std::span<const StoredReport> reports) = 0;
  /// Put of one report whose document is too large to be held as a whole beside what it is made of: `document`
  /// is asked for it once at most, before this returns, perhaps on another thread; report.document is not
  /// looked at. A backend that can only take a document whole leaves it at this one.
  [[nodiscard]] virtual Result<Moved> PutInPieces(StoredReport report, const DocumentSource& document);
  [[nodiscard]] virtual Result<std::optional<StoredReport>> Get(const std::string& id) = 0;
  /// Each only if it is still the run that was read.
  [[nodiscard]] virtual Result<void> MarkProcessed(std::span<const ReportKey> keys) = 0;
  /// Stored before `before` and not processed, oldest first; keys only: `document` is empty.
  [[nodiscard]] virtual Result<std::vector<StoredReport>> Unprocessed(Time before, std::size_t max) = 0;
  /// All, in order of id. A page ends early where its documents grow over some megabytes.
  [[nodiscard]] virtual Result<Listing<StoredReport>> Scan(const Page& page) = 0;
  /// How many were stored at or after `since`; all without.
  [[nodiscard]] virtual Result<std::uint64_t> CountSince(std::optional<Time> since) = 0;
};

}  // namespace brood::store
