// Real reports of every dialect, with the documents they must give. They are no part of the project: the tests
// skip where the folder is absent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "model/report_json.hpp"
#include "report/gzip.hpp"
#include "report/plain_reader.hpp"
#include "report/reader.hpp"

namespace brood::report {
namespace {

namespace fs = std::filesystem;

fs::path Reports() {
  const char* shared = std::getenv("BROOD_SHARED");
  return fs::path(shared != nullptr ? shared : "../shared") / "reports";
}

std::string Unpacked(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(in), {}};
  std::string out;
  Inflater inflater([&](std::string_view bytes) { out += bytes; });
  EXPECT_TRUE(inflater.Feed(packed)) << file;
  EXPECT_TRUE(inflater.Finish()) << file;
  return out;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(Reports(), error)) {
    if (entry.path().extension() == ".gz") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// API calls and options compare as sets; the expected documents hold no notes.
model::Report Comparable(model::Report report) {
  std::sort(report.api_call.begin(), report.api_call.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  auto options = Split(report.cuckoo_options, ',');
  std::sort(options.begin(), options.end());
  std::string sorted;
  for (const auto option : options) sorted.append(option) += ',';
  report.cuckoo_options = sorted;
  report.parse_notes.clear();
  return report;
}

/// "mutex: [got] | [expected]" for each field that is not the same, shortened.
std::vector<std::string> Differences(const model::Report& got, const model::Report& expected) {
  const auto fields = [](const model::Report& report) {
    return boost::json::parse(model::ToJson(Comparable(report))).as_object();
  };
  const boost::json::object wanted = fields(expected);
  std::vector<std::string> differences;
  for (const auto& [key, value] : fields(got)) {
    if (value == wanted.at(key)) continue;
    differences.push_back(std::string(key) + ": " + Shorten(boost::json::serialize(value), 200) + " | " +
                          Shorten(boost::json::serialize(wanted.at(key)), 200));
  }
  return differences;
}

ReadResult ReadInPieces(std::string_view document, const std::function<std::size_t()>& next_size) {
  Reader reader;
  while (!document.empty()) {
    const std::size_t size = std::min(next_size(), document.size());
    // A copy of its own, so that a sanitizer sees every step outside the piece.
    const std::vector<char> piece(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(size));
    reader.Feed({piece.data(), piece.size()});
    document.remove_prefix(size);
  }
  auto result = reader.Finish();
  EXPECT_TRUE(result) << Describe(result.error());
  return result ? *std::move(result) : ReadResult{};
}

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(Reports())) GTEST_SKIP() << "no real reports at " << Reports();
  }
};

TEST_F(Corpus, EveryExpectedDocumentIsRight) {
  int compared = 0;
  for (const std::string& name : Names()) {
    if (!fs::exists(Reports() / "expected" / name)) continue;
    SCOPED_TRACE(name);
    const auto expected = model::ReportFromJson(Unpacked(Reports() / "expected" / name));
    ASSERT_TRUE(expected) << Describe(expected.error());
    const auto read = ReadAll(Unpacked(Reports() / name));
    ASSERT_TRUE(read) << Describe(read.error());
    EXPECT_THAT(Differences(read->report, *expected), testing::IsEmpty());
    std::string notes;
    for (const auto& note : read->report.parse_notes) notes += note.path + ": " + note.what + "\n";
    EXPECT_EQ(notes, "");
    ++compared;
  }
  EXPECT_EQ(compared, 40);
}

TEST_F(Corpus, PiecesOfAnySizeGiveTheSame) {
  std::mt19937 random(20240229);
  for (const std::string& name : Names()) {
    SCOPED_TRACE(name);
    const std::string document = Unpacked(Reports() / name);
    const auto whole = ReadAll(document);
    ASSERT_TRUE(whole) << Describe(whole.error());
    for (const std::size_t most : {7U, 200U, 300'000U}) {
      if (document.size() > most * 100'000) continue;
      std::uniform_int_distribution<std::size_t> size(1, most);
      EXPECT_EQ(ReadInPieces(document, [&] { return size(random); }).report, whole->report) << "up to " << most;
    }
    if (document.size() > 400'000) continue;
    EXPECT_EQ(ReadInPieces(document, [] { return std::size_t{1}; }).report, whole->report);
  }
}

TEST_F(Corpus, CallsAndProcessesAreThoseOfAPlainReader) {
  Limits limits;
  limits.max_calls = 1000;
  std::size_t listed = 0;
  for (const std::string& name : Names()) {
    SCOPED_TRACE(name);
    const std::string document = Unpacked(Reports() / name);
    if (document.size() > 8'000'000) continue;
    const auto read = ReadAll(document, limits);
    ASSERT_TRUE(read) << Describe(read.error());
    const PlainDetails wanted = PlainReadDetails(document, limits.max_calls);
    EXPECT_EQ(read->processes, wanted.processes);
    EXPECT_EQ(WithPlainArguments(read->calls), WithPlainArguments(wanted.calls));
    EXPECT_THAT(read->report.parse_notes, testing::IsEmpty());
    listed += read->calls.size();
  }
  EXPECT_GT(listed, 1000U);
}

TEST_F(Corpus, CuckooThreeGivesTargetAndScore) {
  const auto read = ReadAll(Unpacked(Reports() / "cuckoo3_24146b1488e9.json.gz"));
  ASSERT_TRUE(read) << Describe(read.error());
  EXPECT_EQ(read->report.score, 10.0);
  EXPECT_EQ(read->report.binary_name, "fx13ttg_138028.exe");
  EXPECT_EQ(read->report.sha256, "cbdb56e796b3fefb8c911e4f9237047d2d805dceccbea3dbac1ff87328e5f425");
  EXPECT_FALSE(read->facts.has_behavior);
}

TEST_F(Corpus, AReportCutAnywhereIsAnError) {
  const std::string document = Unpacked(Reports() / "cuckoo2_aff39f6a4c43.json.gz");
  for (std::size_t size = 0; size < document.rfind('}'); size += 97) {
    EXPECT_FALSE(ReadAll(std::string_view(document).substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace brood::report
