#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "broker/message.hpp"

namespace brood::broker::sqlite {

/// Headers as one text: each key and each value as "<length>:<bytes>" (a netstring without its comma), so that
/// any bytes come back exactly and a person can still read it: `10:first-seen13:1700000000000`.
[[nodiscard]] std::string EncodeHeaders(const Headers& headers);
/// Nothing for a text that is not of this form.
[[nodiscard]] std::optional<Headers> DecodeHeaders(std::string_view text);

}  // namespace brood::broker::sqlite
