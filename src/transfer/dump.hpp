#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <string>

#include "store/result.hpp"
#include "transfer/document.hpp"

namespace brood::transfer {

/// A place that cannot be read, and why: "17", "it has no _index".
using OnBad = std::function<void(const std::string& place, const std::string& why)>;
/// An error ends the reading.
using OnRecord = std::function<store::Result<void>(Record record)>;

/// No record that is taken is as long; reports may be longer.
inline constexpr std::size_t kMostLineBytes = std::size_t{64} << 20;

/// Reads a dump, one document a line; blank lines say nothing. A line that is no document, or one longer than
/// kMostLineBytes, is bad and the rest is read on; its place is its number. `on_line` is told after each line
/// how many bytes it had.
[[nodiscard]] store::Result<void> ReadDump(std::istream& in, std::string_view prefix, const OnRecord& on_record,
                                           const OnBad& on_bad,
                                           const std::function<void(std::size_t)>& on_line);

}  // namespace brood::transfer
