// What real sandboxes write although JSON does not know it, invented, since no real report at hand shows it:
// the rest of the report must come out as if it were not there.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/text.hpp"
#include "model/report_json.hpp"
#include "report/plain_reader.hpp"
#include "report/reader.hpp"
#include "report/report_generator.hpp"

namespace brood::report {
namespace {

/// Options and API counts come in another order from a tree; arguments that are JSON keep their quirks.
ReadResult Comparable(ReadResult result) {
  std::sort(result.report.api_call.begin(), result.report.api_call.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  result.report.parse_notes.clear();
  for (auto& call : result.calls) {
    for (auto& [name, value] : call.arguments) {
      if (value.starts_with('[') || value.starts_with('{')) value.resize(1);
    }
  }
  return result;
}

ReadResult PlainTwin(std::string_view document, const Limits& limits) {
  PlainDetails details = PlainReadDetails(document, limits.max_calls);
  return {PlainRead(document), {}, std::move(details.processes), std::move(details.calls)};
}

void ExpectSame(std::string_view quirky, const ReadResult& plain, const Limits& limits, std::mt19937& random) {
  for (const std::size_t most : {3U, 200U, 1'000'000U}) {
    std::uniform_int_distribution<std::size_t> size(1, most);
    Reader reader(limits);
    for (std::string_view rest = quirky; !rest.empty();) {
      const std::string piece(rest.substr(0, size(random)));
      reader.Feed(piece);
      rest.remove_prefix(piece.size());
    }
    const auto read = reader.Finish();
    ASSERT_TRUE(read) << Describe(read.error());
    const ReadResult got = Comparable(*read);
    ASSERT_EQ(model::ToJson(got.report), model::ToJson(plain.report)) << quirky;
    ASSERT_EQ(got.processes, plain.processes) << quirky;
    ASSERT_EQ(got.calls, plain.calls) << quirky;
  }
}

TEST(Quirks, CostNothingButTheValueTheyStandIn) {
  Limits limits;
  limits.max_calls = 20;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    const Twins twins = ReportGenerator(seed, ReportGenerator::Kind::kQuirky).QuirkyReport();
    const std::string report(TrimAscii(twins.quirky));
    const ReadResult plain = Comparable(PlainTwin(twins.plain, limits));
    ExpectSame(twins.quirky, plain, limits, random);
    ExpectSame("\xEF\xBB\xBF" + twins.quirky, plain, limits, random);
    ExpectSame(report + report.substr(random() % report.size()), plain, limits, random);
  }
}

TEST(Quirks, EachOfThemIsMet) {
  std::string all;
  for (std::uint32_t seed = 1; seed <= 150; ++seed)
    all += ReportGenerator(seed, ReportGenerator::Kind::kQuirky).QuirkyReport().quirky;
  for (const Quirk& quirk : kQuirks) EXPECT_NE(all.find(quirk.written), std::string::npos) << quirk.written;
}

}  // namespace
}  // namespace brood::report
