#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "feeds/settings.hpp"
#include "store/lists.hpp"

namespace brood::feeds {

// What ships in config/ and is part of the program.

[[nodiscard]] std::string_view ShippedWhitelistText();  ///< config/whitelist.txt
[[nodiscard]] std::string_view ShippedSourcesText();    ///< config/feeds.txt

struct ShippedSource {
  std::string name;
  Source source;
};

/// The owner of what ships is "default".
[[nodiscard]] const std::vector<store::WhitelistEntry>& ShippedWhitelist();
[[nodiscard]] const std::vector<ShippedSource>& ShippedSources();

/// "NAME CATEGORY URL" a line; `#` at the start of a line begins a comment. The error is a sentence.
[[nodiscard]] Expected<std::vector<ShippedSource>, std::string> ReadSources(std::string_view text);

}  // namespace brood::feeds
