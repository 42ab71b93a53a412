#include "retrohunt/value_key.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/digest.hpp"
#include "store/blacklist.hpp"

namespace brood::retrohunt {

ValueKey KeyOf(std::string_view type, std::string_view value) {
  return *KeyFromHex(std::string_view(Sha256Hex(store::EntryId(type, value))).substr(0, 32));
}

std::string ToHex(const ValueKey& key) { return fmt::format("{:016x}{:016x}", key.high, key.low); }

std::optional<ValueKey> KeyFromHex(std::string_view text) {
  if (!IsHex(text, 32)) return std::nullopt;
  ValueKey key;
  std::from_chars(text.data(), text.data() + 16, key.high, 16);
  std::from_chars(text.data() + 16, text.data() + 32, key.low, 16);
  return key;
}

}  // namespace brood::retrohunt
