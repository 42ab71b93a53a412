#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace brood::feeds {

/// What a third-party list says.
struct ListText {
  std::vector<std::string> entries;  ///< addresses and subnets in one form, in the list's order, each once
  std::size_t skipped = 0;           ///< lines that are no entries
  std::string first_skipped;         ///< "line 3: 'x' is no address or subnet"; empty if there is none
};

/// One entry a line: an IPv4 or IPv6 address or a subnet in CIDR, then anything behind a blank, comma, '#' or
/// ';'. Lines that begin with '#' or ';', and blank ones, count for nothing. A subnet of more than an eighth
/// (IPv4) or a sixteenth (IPv6) is no entry: it would list the half of everything by one slip.
///
/// A page of HTML, and a text most of whose lines are no entries, is no list as a whole: the error is a
/// sentence.
[[nodiscard]] Expected<ListText, std::string> ReadList(std::string_view text);

}  // namespace brood::feeds
