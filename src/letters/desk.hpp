#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "model/messages.hpp"
#include "store/dead_letters.hpp"

namespace brood::letters {

enum class Errc {
  kUnknown,  ///< there is no such letter
  kRefused,  ///< the letter's state or its message does not allow it
  kStore,    ///< see `store`
};

struct DeskError {
  Errc code = Errc::kRefused;
  std::string sentence;  ///< for people; of kStore empty
  store::StoreError store = {};
};

using Answer = Expected<store::DeadLetter, DeskError>;

/// Takes away a letter's dumped copy; one that is not there is no error.
using RemoveDump = std::function<Expected<void, Error>(const std::string& key)>;

/// What a person does with dead letters. It writes records alone: overseer sends what is due, so that nothing
/// is lost or sent from two places, whoever dies. Doing a thing twice is doing it once. Thread-safe if the
/// store is.
class Desk {
 public:
  Desk(store::DeadLetters& letters, Clock& clock, RemoveDump remove_dump)
      : letters_(letters), clock_(clock), remove_dump_(std::move(remove_dump)) {}

  /// A letter that is dead is due at once, with a fresh count; one that is delayed is due at once. One that
  /// went back already stays as it is. A dropped one is refused, and one whose message is not kept.
  [[nodiscard]] Answer Retry(std::string_view key);
  /// A dead letter's message is forgotten, here and in the dump folder; the letter stays, with the reason.
  /// Others are refused: their messages are on their way.
  [[nodiscard]] Answer Drop(std::string_view key, std::string_view reason);

 private:
  [[nodiscard]] Expected<store::DeadLetter, DeskError> Read(std::string_view key);
  [[nodiscard]] Expected<store::Moved, DeskError> Write(store::DeadLetter& letter);

  store::DeadLetters& letters_;
  Clock& clock_;
  const RemoveDump remove_dump_;
};

/// Why the message cannot go back to its queue, whatever its failure was; empty if it can. A body that was too
/// large for the failure record lies in the sample store or was cut.
[[nodiscard]] std::string WhyNotSentBack(const model::FailureMessage& failure);

}  // namespace brood::letters
