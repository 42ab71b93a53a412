// Any bytes, in any pieces, are safe to feed; the pieces do not matter; what comes out can be stored and read
// back.
#include <algorithm>
#include <random>

#include "input.hpp"
#include "model/report_json.hpp"
#include "report/reader.hpp"

namespace brood::fuzz {
namespace {

using report::Limits;
using report::Reader;
using report::ReadResult;

/// The sizes of the pieces follow from the document, so that an input alone reproduces a run.
Expected<ReadResult, Error> ReadInPieces(std::string_view document, const Limits& limits) {
  std::minstd_rand sizes(static_cast<std::uint32_t>(std::hash<std::string_view>{}(document)));
  Reader reader(limits);
  for (std::string_view rest = document; !rest.empty();) {
    const auto most = sizes() % 8 == 0 ? 4096 : 16;
    const auto piece = std::min<std::size_t>(rest.size(), sizes() % most);
    reader.Feed(rest.substr(0, piece));
    rest.remove_prefix(piece);
  }
  return reader.Finish();
}

void ReadBothWays(std::string_view document, const Limits& limits) {
  const auto whole = report::ReadAll(document, limits);
  const auto pieces = ReadInPieces(document, limits);
  Require(whole.has_value() == pieces.has_value(), "pieces are read where the whole is");
  if (!whole) return;
  Require(whole->report == pieces->report, "the report does not depend on the pieces");
  const auto stored = model::ReportFromJson(model::ToJson(whole->report));
  Require(stored.has_value(), "a filtered report is a valid stored document");
  Require(*stored == whole->report, "a stored document reads back as it was");
}

constexpr Limits kTight{.max_token_bytes = 24,
                        .max_field_bytes = 12,
                        .max_items = 3,
                        .max_nesting = 6,
                        .max_document_bytes = 2'000};

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = brood::fuzz::AsText(data, size);
  brood::fuzz::ReadBothWays(document, {});
  brood::fuzz::ReadBothWays(document, brood::fuzz::kTight);
  return 0;
}
