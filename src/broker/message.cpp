#include "broker/message.hpp"

namespace brood::broker {

std::size_t WeightOf(const Message& message) {
  std::size_t bytes = message.body.size();
  for (const auto& [key, value] : message.headers) bytes += key.size() + value.size();
  return bytes;
}

}  // namespace brood::broker
