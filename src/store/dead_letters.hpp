#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/ids.hpp"
#include "store/result.hpp"

namespace brood::store {

enum class LetterState {
  kDelayed,  ///< goes back to its queue when due
  kSent,     ///< went back to its queue; kept for its count
  kDead,     ///< given up, waits for a person
  kDropped,  ///< a person wants it no more; kept for the reason, without its message
};
[[nodiscard]] std::string_view Name(LetterState state);  ///< "delayed", "sent", "dead", "dropped"
[[nodiscard]] std::optional<LetterState> LetterStateFrom(std::string_view name);

struct DeadLetter {
  std::string key;      ///< SHA-256 hex of (queue, body)
  std::string failure;  ///< the failure record as it came (JSON)
  std::string queue;    ///< where it goes back to
  model::SubmissionId submission;
  LetterState state = LetterState::kDelayed;
  int attempts = 0;  ///< failures so far; 0 of a delayed one: a person wants it tried again
  Time due{};
  Time changed{};
  std::string note;          ///< why it was dropped
  std::int64_t version = 0;  ///< as read; 0 for a new one
  bool operator==(const DeadLetter&) const = default;
};

/// What is left empty lets every letter through.
struct LetterFilter {
  std::optional<LetterState> state = {};
  std::string queue = {};
  std::string key_prefix = {};
};

class DeadLetters {
 public:
  virtual ~DeadLetters() = default;
  /// The new record under letter.key if none stands or the stored version is letter.version; it then has
  /// version + 1.
  [[nodiscard]] virtual Result<Moved> Put(const DeadLetter& letter) = 0;
  [[nodiscard]] virtual Result<std::optional<DeadLetter>> Get(std::string_view key) = 0;
  /// Delayed ones that are due, oldest first.
  [[nodiscard]] virtual Result<std::vector<DeadLetter>> Due(Time now, std::size_t max) = 0;
  /// Newest change first.
  [[nodiscard]] virtual Result<Listing<DeadLetter>> List(const LetterFilter& filter, const Page& page) = 0;
  /// False if there was none.
  [[nodiscard]] virtual Result<bool> Remove(std::string_view key) = 0;
};

}  // namespace brood::store
