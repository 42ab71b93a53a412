#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "model/report.hpp"
#include "model/report_details.hpp"
#include "report/limits.hpp"

namespace brood::report {

struct ReadResult {
  model::Report report;
  model::ReportFacts facts;
  std::vector<model::SeenProcess> processes;  ///< in the report's order
  std::vector<model::SeenCall> calls;         ///< the first Limits::max_calls, in the report's order
  // Only with Limits::max_calls:
  std::string started, ended;    ///< info's, as written: a date, or seconds since 1970
  model::TextList file_created;  ///< 2.x; what the document has no field for
};

/// Reads one raw report of any dialect (field_table.cpp names what is taken from where) as its bytes arrive.
/// Memory is flat: the piece of a token in hand and what is extracted, within Limits. Any bytes are safe to
/// feed; nesting costs nothing. What cannot be read stays at its default and is counted in the report's
/// parse_notes. Not thread-safe. A moved-from reader may only be destroyed.
class Reader {
 public:
  explicit Reader(const Limits& limits = {});
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  /// The next bytes, any number of them. They are not needed after the call.
  void Feed(std::string_view chunk);
  /// About how much memory is held for what was extracted so far. Cheap enough for every few chunks.
  [[nodiscard]] std::size_t HeldBytes() const;
  /// Once, after the last byte. Errors are transient (the same report may arrive whole next time): the input is
  /// empty, begins as something else than a JSON object, or breaks off before the object ends; the sentence
  /// says which and where.
  [[nodiscard]] Expected<ReadResult, Error> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A report that is in memory already.
[[nodiscard]] Expected<ReadResult, Error> ReadAll(std::string_view document, const Limits& limits = {});

}  // namespace brood::report
