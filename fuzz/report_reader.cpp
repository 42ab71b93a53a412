// Any bytes, in any pieces, are safe to feed; the pieces do not matter; what comes out can be stored and read
// back; of what Boost.JSON accepts it is what a plain reader over its tree gives.
#include <algorithm>
#include <random>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "input.hpp"
#include "model/report_json.hpp"
#include "report/plain_reader.hpp"
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
  Require(whole->processes == pieces->processes && whole->calls == pieces->calls,
          "neither do processes and calls");
  const auto stored = model::ReportFromJson(model::ToJson(whole->report));
  Require(stored.has_value(), "a filtered report is a valid stored document");
  Require(*stored == whole->report, "a stored document reads back as it was");
}

bool IsPlainNumber(std::string_view word) {
  if (word.starts_with('-')) word.remove_prefix(1);
  return word.size() < 16 && word.find_first_not_of("0123456789") == word.npos && !word.starts_with('0');
}

/// A tree forgets how numbers were written, and an escaped key `api` is found there. Else both readers agree.
bool Comparable(std::string_view document) {
  if (document.find("\\u00") != document.npos) return false;
  for (std::size_t at = 0; at < document.size();) {
    if (document[at] == '"') {
      for (++at; at < document.size() && document[at] != '"'; ++at) at += document[at] == '\\' ? 1 : 0;
      ++at;
      continue;
    }
    const auto end = std::min(document.find_first_of("{}[],:\" \t\r\n", at), document.size());
    const auto word = document.substr(at, end - at);
    if (!word.empty() && word != "true" && word != "false" && word != "null" && word != "0" &&
        !IsPlainNumber(word))
      return false;
    at = std::max(end, at + 1);
  }
  return true;
}

/// API counts and options come in another order from a tree.
std::string Sorted(model::Report report) {
  std::sort(report.api_call.begin(), report.api_call.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::sort(report.cuckoo_options.begin(), report.cuckoo_options.end());
  report.parse_notes.clear();
  return model::ToJson(report);
}

void ReadAsATree(std::string_view document, const Limits& limits) {
  if (!Comparable(document)) return;
  boost::system::error_code error;
  boost::json::parse_options deep;
  deep.max_depth = 2000;
  const auto tree = boost::json::parse(document, error, {}, deep);
  if (error || !tree.is_object()) return;
  const auto read = report::ReadAll(document, limits);
  Require(read.has_value(), "what is JSON is read");
  Require(Sorted(read->report) == Sorted(report::PlainRead(document)), "a tree gives the same report");
  const auto details = report::PlainReadDetails(document, limits.max_calls);
  Require(read->processes == details.processes, "a tree gives the same processes");
  Require(report::WithPlainArguments(read->calls) == report::WithPlainArguments(details.calls),
          "a tree gives the same calls");
}

constexpr Limits kListing{.max_calls = 5};
constexpr Limits kTight{.max_token_bytes = 24,
                        .max_field_bytes = 12,
                        .max_items = 3,
                        .max_nesting = 6,
                        .max_calls = 3,
                        .max_detail_bytes = 1'000,
                        .max_document_bytes = 2'000};

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = brood::fuzz::AsText(data, size);
  brood::fuzz::ReadBothWays(document, {});
  brood::fuzz::ReadBothWays(document, brood::fuzz::kTight);
  brood::fuzz::ReadBothWays(document, brood::fuzz::kListing);
  brood::fuzz::ReadAsATree(document, brood::fuzz::kListing);
  return 0;
}
