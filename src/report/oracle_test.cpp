// The scanner against a plain reader over a whole tree, on invented reports.
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

std::string Comparable(model::Report report) {
  std::sort(report.api_call.begin(), report.api_call.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  auto options = Split(report.cuckoo_options, ',');
  std::sort(options.begin(), options.end());
  std::string sorted;
  for (const auto option : options) sorted.append(option) += ',';
  report.cuckoo_options = sorted;
  report.parse_notes.clear();
  return model::ToJson(report);
}

Expected<ReadResult, Error> ReadInPieces(std::string_view document, std::size_t most, std::mt19937& random,
                                         const Limits& limits = {}) {
  std::uniform_int_distribution<std::size_t> size(1, most);
  Reader reader(limits);
  while (!document.empty()) {
    const std::string piece(document.substr(0, size(random)));
    reader.Feed(piece);
    document.remove_prefix(piece.size());
  }
  return reader.Finish();
}

TEST(Oracle, AgreesOnInventedReportsInPiecesOfAnySize) {
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::string document = ReportGenerator(seed).Report();
    const std::string wanted = Comparable(PlainRead(document));
    std::mt19937 random(seed);
    for (const std::size_t most : {1U, 7U, 100U, 5000U, 1'000'000U}) {
      const auto read = ReadInPieces(document, most, random);
      ASSERT_TRUE(read) << Describe(read.error());
      ASSERT_EQ(Comparable(read->report), wanted) << "pieces of up to " << most << " bytes\n" << document;
    }
  }
}

TEST(Oracle, AgreesOnTheFirstCallsAndTheProcesses) {
  std::size_t listed = 0;
  for (std::uint32_t seed = 1; seed <= 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const std::string document = ReportGenerator(seed).Report();
    std::mt19937 random(seed);
    for (const std::size_t max_calls : {0U, 1U, 7U, 10'000U}) {
      Limits limits;
      limits.max_calls = max_calls;
      const PlainDetails wanted = PlainReadDetails(document, max_calls);
      const auto read = ReadInPieces(document, seed % 3 == 0 ? 3 : 10'000, random, limits);
      ASSERT_TRUE(read) << Describe(read.error());
      ASSERT_EQ(read->processes, wanted.processes) << document;
      ASSERT_EQ(WithPlainArguments(read->calls), WithPlainArguments(wanted.calls)) << document;
      ASSERT_EQ(Comparable(read->report), Comparable(PlainRead(document))) << document;
      listed += read->calls.size();
    }
  }
  EXPECT_GT(listed, 1000U);
}

TEST(Oracle, EveryFrontOfAReportIsAnErrorThatSaysWhere) {
  const std::string document(TrimAscii(ReportGenerator(7).Report()));
  for (std::size_t size = 1; size < document.size(); size += 11) {
    const auto read = ReadAll(std::string_view(document).substr(0, size));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().kind, ErrorKind::kTransient);
    EXPECT_NE(read.error().what.find("breaks off after " + std::to_string(size) + " bytes"), std::string::npos);
  }
}

TEST(Oracle, RandomDamageNeverCrashesTheReader) {
  std::mt19937 random(99);
  constexpr std::string_view kNoise = "\"\\{}[],:nNx0-\x80\xFF \n";
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    std::string document = ReportGenerator(seed).Report();
    for (int hits = 0; hits < 5; ++hits)
      document[random() % document.size()] = kNoise[random() % kNoise.size()];
    const auto whole = ReadAll(document);
    const auto pieces = ReadInPieces(document, 30, random);
    ASSERT_EQ(whole.has_value(), pieces.has_value()) << "seed " << seed;
    if (!whole) continue;
    EXPECT_EQ(whole->report, pieces->report) << "seed " << seed;
    EXPECT_TRUE(model::ReportFromJson(model::ToJson(whole->report))) << "seed " << seed;
  }
}

}  // namespace
}  // namespace brood::report
