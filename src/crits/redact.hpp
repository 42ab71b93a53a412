#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace brood::crits {

/// The text with "[secret]" wherever the key stood: for sentences that others made.
[[nodiscard]] inline std::string WithoutKey(std::string text, const Secret& key) {
  for (std::size_t at = 0; !key.Empty() && (at = text.find(key.Reveal(), at)) != text.npos;) {
    text.replace(at, key.Reveal().size(), key.Shown());
    at += key.Shown().size();
  }
  return text;
}

}  // namespace brood::crits
