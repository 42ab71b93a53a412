#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace brood::store::sqlite {

using Options = std::map<std::string, std::string>;

/// "name=value&name=value"; every byte but letters, digits and "-_.~/:, " is percent-encoded, so that people
/// can read the column and any bytes come back.
[[nodiscard]] std::string ToText(const Options& options);
[[nodiscard]] std::optional<Options> OptionsFrom(std::string_view text);

}  // namespace brood::store::sqlite
