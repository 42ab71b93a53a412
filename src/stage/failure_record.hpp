#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "broker/message.hpp"

namespace brood::stage {

/// Stores a body beside the broker and gives the reference to it, "sha256:<hex>".
using KeepBody = std::function<Expected<std::string, Error>(std::string_view body)>;

/// Writes the failure record of a message: a model::FailureMessage on the failed queue, with the headers that
/// travel along. Thread-safe if the KeepBody is.
class FailureRecorder {
 public:
  /// `queue` names the source of messages that say none. Without `keep_body` a body that does not fit is cut.
  FailureRecorder(std::string service, std::string queue, std::string failed_queue, KeepBody keep_body)
      : service_(std::move(service)),
        queue_(std::move(queue)),
        failed_queue_(std::move(failed_queue)),
        keep_body_(std::move(keep_body)) {}

  /// False: there is nowhere to give a message up to.
  [[nodiscard]] bool HasQueue() const { return !failed_queue_.empty(); }

  /// A record of at most `max_bytes`. Where the body does not fit, Msg is empty and "MsgRef" has the reference
  /// to the kept body, or Msg is its beginning and "MsgCut" its whole size. The error is that of `keep_body`,
  /// to be tried again later: nothing was given up yet.
  [[nodiscard]] Expected<broker::Outgoing, Error> Make(const broker::Message& message, const Error& why,
                                                       std::size_t max_bytes) const;

 private:
  std::string service_, queue_, failed_queue_;
  KeepBody keep_body_;
};

}  // namespace brood::stage
