#pragma once

#include <cstddef>
#include <cstdint>

namespace brood::bench {

inline constexpr const char* kIn = "hop/in";
inline constexpr const char* kOut = "hop/out";

struct LoopAddress {
  const char* host;
  std::uint16_t port;
  const char* vhost;
  const char* user;
  const char* password;
};

/// The least that does the same hop: one thread, one connection, one channel, librabbitmq alone. No reconnects,
/// no time-outs, no errors but exit(1).
void HopInALoop(const LoopAddress& address, std::size_t prefetch, int messages);

}  // namespace brood::bench
