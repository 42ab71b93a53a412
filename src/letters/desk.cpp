#include "letters/desk.hpp"

#include "base/crash_point.hpp"
#include "base/text.hpp"
#include "letters/redact.hpp"
#include "model/messages_json.hpp"

namespace brood::letters {
namespace {

using store::DeadLetter;
using store::LetterState;

constexpr const char* kKeptBody = "MsgRef";
constexpr const char* kCutBody = "MsgCut";
constexpr std::size_t kMaxReason = 1'024;
/// How often a letter that others write at the same moment is read anew.
constexpr int kTries = 20;

tl::unexpected<DeskError> Refuse(std::string sentence) {
  return Unexpected(DeskError{Errc::kRefused, std::move(sentence)});
}

tl::unexpected<DeskError> Busy() {
  return Unexpected(
      DeskError{Errc::kStore, "", {store::Errc::kUnavailable, "others keep writing this dead letter"}});
}

/// Why a dead letter's message cannot be sent; empty if it can.
std::string WhyNot(const DeadLetter& letter) {
  const auto failure = model::FailureMessageFromJson(letter.failure);
  return failure ? WhyNotSentBack(*failure) : "its record cannot be read";
}

/// What of the failure is kept of a dropped letter: the message as it may be shown.
std::string WithoutMessage(const std::string& record) {
  auto failure = model::FailureMessageFromJson(record);
  if (!failure) return "";
  const auto secrets = SecretsIn(failure->msg);
  failure->error = WithoutSecrets(failure->error, secrets);
  failure->desc = WithoutSecrets(failure->desc, secrets);
  failure->msg = ShownMessage(failure->msg);
  return model::ToJson(*failure);
}

}  // namespace

Answer Desk::Retry(std::string_view key) {
  for (int i = 0; i < kTries; ++i) {
    auto letter = Read(key);
    if (!letter || letter->state == LetterState::kSent) return letter;
    if (letter->state == LetterState::kDropped) return Refuse("It was dropped; its message is not kept.");
    if (const auto why = WhyNot(*letter); !why.empty()) return Refuse("It cannot be sent again: " + why + ".");
    if (letter->state == LetterState::kDead) letter->attempts = 0;
    letter->state = LetterState::kDelayed;
    letter->due = letter->changed = clock_.Now();
    const auto moved = Write(*letter);
    if (!moved) return Unexpected(moved.error());
    if (*moved == store::Moved::kMoved) return letter;
  }
  return Busy();
}

/// The dump goes first: while the letter is dead, a drop that was cut short is seen and can be repeated.
Answer Desk::Drop(std::string_view key, std::string_view reason) {
  for (int i = 0; i < kTries; ++i) {
    auto letter = Read(key);
    if (!letter || letter->state == LetterState::kDropped) return letter;
    if (letter->state != LetterState::kDead) {
      return Refuse("It is not dead: its message is on its way. It can be dropped once it is given up.");
    }
    if (remove_dump_) {
      if (const auto removed = remove_dump_(letter->key); !removed)
        return Refuse(Describe(removed.error()) + ".");
    }
    CrashPoint("letters.dump_removed");
    letter->state = LetterState::kDropped;
    letter->note = Shorten(reason, kMaxReason);
    letter->failure = WithoutMessage(letter->failure);
    letter->changed = clock_.Now();
    const auto moved = Write(*letter);
    if (!moved) return Unexpected(moved.error());
    if (*moved == store::Moved::kMoved) return letter;
  }
  return Busy();
}

Expected<DeadLetter, DeskError> Desk::Read(std::string_view key) {
  auto letter = letters_.Get(key);
  if (!letter) return Unexpected(DeskError{Errc::kStore, "", letter.error()});
  if (!*letter) return Unexpected(DeskError{Errc::kUnknown, "There is no such dead letter."});
  return std::move(**letter);
}

Expected<store::Moved, DeskError> Desk::Write(DeadLetter& letter) {
  const auto moved = letters_.Put(letter);
  if (!moved) return Unexpected(DeskError{Errc::kStore, "", moved.error()});
  letter.version += 1;
  return *moved;
}

std::string WhyNotSentBack(const model::FailureMessage& failure) {
  if (failure.queue.empty()) return "it names no queue to go back to";
  const auto kept = failure.extras.find(kKeptBody);
  if (kept != failure.extras.end())
    return "its body is too large for a failure record, it is kept as " + kept->second;
  return failure.extras.contains(kCutBody) ? "its body was too large for a failure record and was cut" : "";
}

}  // namespace brood::letters
