#pragma once

#include <cstddef>
#include <cstdint>

namespace brood::report {

/// Bounds on what one report may cost. What goes over a bound is left out and counted in parse_notes; no bound
/// ever costs the report itself.
struct Limits {
  std::size_t max_token_bytes = 16U << 20U;   ///< of one text kept in a list, as written; the rest is cut
  std::size_t max_field_bytes = 256U << 10U;  ///< of one single field (version, file type, ...), key or name
  std::size_t max_items = 1'000'000;          ///< of one list
  std::uint64_t max_nesting = 1000;  ///< deeper is skipped like all else that nobody asks for, and noted
  std::size_t max_calls = 0;  ///< of the list of API calls; with 0 they are counted only, which is faster
  std::size_t max_detail_bytes = 16U << 20U;    ///< of that list in memory, and of the processes'
  std::size_t max_document_bytes = 50'000'000;  ///< of the filtered document as JSON; the longest lists are cut
};

}  // namespace brood::report
