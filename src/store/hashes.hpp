#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "model/ids.hpp"
#include "store/result.hpp"

namespace brood::store {

struct HashRecord {
  model::SampleHash sha256;
  model::SubmissionId submission;  ///< whose claim it is; empty after a release
  Time first_seen{};
  std::uint64_t counter = 0;  ///< sightings
  bool operator==(const HashRecord&) const = default;
};

enum class Claimed { kOurs, kTaken };

struct Claim {
  model::SampleHash sha256;
  model::SubmissionId claimant;
};

/// The records of the index `hashes`: who analyses a sample, and how often it was seen.
class Hashes {
 public:
  virtual ~Hashes() = default;
  /// The first claimant wins; the same claimant wins again. Counts the claimant's sighting once, whether it
  /// wins or not. One answer for each claim; they are made in order.
  [[nodiscard]] virtual Result<std::vector<Claimed>> ClaimAll(std::span<const Claim> claims, Time now) = 0;
  [[nodiscard]] Result<Claimed> ClaimOne(const model::SampleHash& sha256, const model::SubmissionId& claimant,
                                         Time now) {
    const Claim claim{sha256, claimant};
    return ClaimAll(std::span(&claim, 1), now).map([](const auto& answers) { return answers.front(); });
  }
  /// Counts a sighting of a known hash; each `sighting` (a submission's id) once. An unknown hash stays
  /// unknown.
  [[nodiscard]] virtual Result<void> Count(const model::SampleHash& sha256,
                                           const model::SubmissionId& sighting) = 0;
  /// Moves `holder`'s claim to a submission that analyses the sample anew. kTaken, and nothing is changed,
  /// where the claim is neither's. Counts nothing; again is harmless.
  [[nodiscard]] virtual Result<Claimed> TakeOver(const model::SampleHash& sha256,
                                                 const model::SubmissionId& holder,
                                                 const model::SubmissionId& claimant) = 0;
  /// Gives a claim back, if it is still that submission's: the next sighting is analysed.
  [[nodiscard]] virtual Result<void> Release(const model::SampleHash& sha256,
                                             const model::SubmissionId& claimant) = 0;
  [[nodiscard]] virtual Result<std::optional<HashRecord>> Get(const model::SampleHash& sha256) = 0;
  /// Records of another installation, which may be given again and again: an unknown hash is kept as given; of
  /// a known one the counter becomes the greater of the two and the first sighting the earlier, its claim
  /// stays. How many records that has changed.
  [[nodiscard]] virtual Result<std::size_t> Import(std::span<const HashRecord> records) = 0;
  /// All, in order of their hashes.
  [[nodiscard]] virtual Result<Listing<HashRecord>> Scan(const Page& page) = 0;
};

/// Whose claim an imported hash is: of no submission that stands; intake writes its record at the first
/// sighting.
[[nodiscard]] model::SubmissionId ImportedClaim(const model::SampleHash& sha256);

}  // namespace brood::store
