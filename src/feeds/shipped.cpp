#include "feeds/shipped.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "base/text.hpp"
#include "feeds/whitelist_text.hpp"

namespace brood::feeds {
namespace {

std::vector<store::WhitelistEntry> OwnWhitelist() {
  auto entries = ReadWhitelist("config/whitelist.txt", ShippedWhitelistText(), "default");
  if (!entries) throw std::logic_error(rules::FormatProblems(entries.error()));
  return std::move(*entries);
}

std::vector<ShippedSource> OwnSources() {
  auto sources = ReadSources(ShippedSourcesText());
  if (!sources) throw std::logic_error("config/feeds.txt: " + sources.error());
  return std::move(*sources);
}

}  // namespace

const std::vector<store::WhitelistEntry>& ShippedWhitelist() {
  static const std::vector<store::WhitelistEntry> entries = OwnWhitelist();
  return entries;
}

const std::vector<ShippedSource>& ShippedSources() {
  static const std::vector<ShippedSource> sources = OwnSources();
  return sources;
}

Expected<std::vector<ShippedSource>, std::string> ReadSources(std::string_view text) {
  std::vector<ShippedSource> sources;
  std::size_t number = 0;
  for (const std::string_view raw : Split(text, '\n')) {
    ++number;
    const std::string_view line = TrimAscii(raw);
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream words{std::string(line)};
    ShippedSource shipped;
    std::string more;
    words >> shipped.name >> shipped.source.category >> shipped.source.url;
    if (shipped.source.url.empty() || words >> more)
      return Unexpected(fmt::format("line {} is not NAME CATEGORY URL", number));
    sources.push_back(std::move(shipped));
  }
  return sources;
}

}  // namespace brood::feeds
