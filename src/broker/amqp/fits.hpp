#pragma once

#include "broker/broker.hpp"

namespace brood::broker::amqp {

/// What CheckOutgoing refuses, and what AMQP's frames cannot carry: names over 255 bytes, headers over 64 KiB.
[[nodiscard]] Expected<void, BrokerError> CheckFits(std::span<const Outgoing> messages,
                                                    std::size_t max_message);

}  // namespace brood::broker::amqp
