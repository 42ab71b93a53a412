#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "model/submission.hpp"
#include "store/result.hpp"

namespace brood::store {

struct SubmissionFilter {
  std::optional<model::State> state;
  std::optional<model::SampleHash> sha256;
  std::optional<Time> changed_before;  ///< for the sweeper
};

/// The records of the index `queue`. Promises common to all ports: store.hpp.
class Submissions {
 public:
  virtual ~Submissions() = default;
  /// One answer for each id, in order.
  [[nodiscard]] virtual Result<std::vector<std::optional<model::Submission>>> GetAll(
      std::span<const model::SubmissionId> ids) = 0;
  [[nodiscard]] Result<std::optional<model::Submission>> Get(const model::SubmissionId& id) {
    return GetAll(std::span(&id, 1)).map([](auto&& records) { return std::move(records.front()); });
  }
  /// Writes each record if its Version() is greater than the stored one's; one answer for each, in order.
  [[nodiscard]] virtual Result<std::vector<Moved>> Advance(std::span<const model::Submission> records) = 0;
  /// Newest change first. What changes while one pages may come twice, the rest comes once.
  [[nodiscard]] virtual Result<Listing<model::Submission>> List(const SubmissionFilter& filter,
                                                                const Page& page) = 0;
  /// How many stand in each state, in the order of model::State.
  [[nodiscard]] virtual Result<std::vector<std::uint64_t>> CountByState() = 0;
};

/// Advance with an answer for each: where the store refuses them together, each is tried by itself, so that one
/// that cannot be kept holds up no other.
[[nodiscard]] std::vector<Result<Moved>> AdvanceEach(Submissions& submissions,
                                                     std::span<const model::Submission> records);

}  // namespace brood::store
