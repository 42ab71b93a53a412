#include "broker/amqp/fits.hpp"

#include <fmt/format.h>

namespace brood::broker::amqp {
namespace {

constexpr std::size_t kMostName = 255;
constexpr std::size_t kMostHeaders = std::size_t{64} << 10;

bool HeadersFit(const Headers& headers) {
  std::size_t bytes = 0;
  for (const auto& [key, value] : headers) {
    if (key.size() > kMostName) return false;
    bytes += key.size() + value.size() + 6;  // their lengths and the value's kind
  }
  return bytes <= kMostHeaders;
}

}  // namespace

Expected<void, BrokerError> CheckFits(std::span<const Outgoing> messages, std::size_t max_message) {
  if (auto checked = CheckOutgoing(messages, max_message); !checked) return checked;
  for (const Outgoing& message : messages) {
    if (message.queue.size() > kMostName) {
      return Unexpected(
          BrokerError{Errc::kUnknownQueue,
                      fmt::format("there is no queue with a name of {} bytes", message.queue.size()),
                      {}});
    }
    if (!HeadersFit(message.headers)) {
      return Unexpected(BrokerError{
          Errc::kTooLarge,
          fmt::format("the headers of a message for {} are over {} bytes", message.queue, kMostHeaders),
          {}});
    }
  }
  return {};
}

}  // namespace brood::broker::amqp
