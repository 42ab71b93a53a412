#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/section.hpp"
#include "crits/parsers.hpp"

namespace brood::crits {

struct Settings {
  std::string url;                 ///< for messages that name none
  std::vector<std::string> allow;  ///< where keys of messages may go; empty: to each message's own URL
  bool verify_ssl = true;
  std::string ca_file;
  std::size_t max_body = 2'621'440;       ///< what Django takes unless told otherwise; 0 = no limit
  std::size_t max_document = 12'000'000;  ///< of all results of one analysis
  int parallel = 2;
  std::size_t push_api_calls_max = 1'000;
  std::vector<std::string> enabled_parsers = {"info", "signatures", "behavior", "dropped"};
  Millis connect{5'000}, request{120'000};
  int tries = 3;  ///< of what is harmless twice, within one call
  Millis first_delay{1'000};
  std::size_t max_archive = std::size_t{512} << 20U;  ///< bytes of a task's dropped files, packed
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// The parsers that are on, in the order in which they run.
[[nodiscard]] std::vector<Parser> EnabledParsers(const Settings& settings);

}  // namespace brood::crits
