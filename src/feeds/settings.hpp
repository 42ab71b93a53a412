#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/section.hpp"

namespace brood::feeds {

/// A list of known bad addresses: where it is fetched, and the category that rules name.
struct Source {
  std::string category;
  std::string url;  ///< shown to everyone who may read the lists
  bool operator==(const Source&) const = default;
};

/// `[feeds]`
struct Settings {
  std::vector<Source> lists;
  std::vector<std::string> shipped;  ///< names in config/feeds.txt; "*" is all
  std::chrono::seconds update_every = std::chrono::hours(6);
  std::chrono::seconds retry_after = std::chrono::minutes(30);
  double keep_share = 0.5;  ///< of its former entries a new list has at least; 0: any list is taken
  std::uint64_t max_size = std::uint64_t{16} << 20;
  Millis timeout{60'000};
  std::string proxy;
  std::string ca_file;
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// Those that `shipped` names, then `lists`; each once.
[[nodiscard]] std::vector<Source> SourcesOf(const Settings& settings);

}  // namespace brood::feeds
