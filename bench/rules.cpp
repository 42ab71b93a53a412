// Text rules: how many texts a second, at 100, 1,000 and 10,000 made-up patterns, beside raw hs_scan over the
// same patterns, PCRE2 alone and Python's re and fnmatch; and whether both engines find what PCRE2 finds alone.
//   brood_rules [quick]
#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "base/file.hpp"
#include "model/json_text.hpp"
#include "rules/fnmatch.hpp"
#include "rules/python_regex.hpp"
#include "rules/testing/made_up.hpp"

namespace brood {
namespace {

using rules::MatchScratch;
using rules::TextMatcher;
using rules::TextPattern;
using Texts = std::vector<std::string_view>;

constexpr rules::Limits kNoTimeLimits{.cpu_per_pattern = std::chrono::hours(1),
                                      .cpu_per_report = std::chrono::hours(1)};

constexpr const char* kPython = R"(
import fnmatch, json, re, sys, time
patterns, texts = (json.load(open(name)) for name in sys.argv[1:])
def found(pattern, nocase, text):
    if pattern.startswith('!REGEX!'):
        return re.search(pattern[7:], text, re.I if nocase else 0)
    return fnmatch.fnmatchcase(text.lower(), pattern.lower()) if nocase else fnmatch.fnmatchcase(text, pattern)
begun = time.process_time()
for text in texts:
    for pattern, nocase in patterns:
        found(pattern, nocase, text)
print(len(texts) / (time.process_time() - begun))
)";

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double SecondsOf(const std::function<void()>& work) {
  const double begun = CpuSeconds();
  work();
  return CpuSeconds() - begun;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

/// hs_scan and nothing else, over all patterns that Hyperscan takes, literals among them.
class RawHyperscan {
 public:
  explicit RawHyperscan(const std::vector<TextPattern>& patterns) {
    std::vector<rules::WideExpression> wide;
    for (const TextPattern& pattern : patterns) wide.push_back(Wide(pattern));
    const auto plan = rules::ScanPlan::Make(wide);
    const std::string bytes = plan.set->ToBytes().value();
    if (hs_deserialize_database(bytes.data(), bytes.size(), &database_) != HS_SUCCESS ||
        hs_alloc_scratch(database_, &scratch_) != HS_SUCCESS) {
      throw std::runtime_error("Hyperscan gives no database");
    }
    hs_database_size(database_, &bytes_);
  }
  ~RawHyperscan() {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }
  RawHyperscan(const RawHyperscan&) = delete;
  RawHyperscan& operator=(const RawHyperscan&) = delete;

  std::size_t Scan(const Texts& texts) {
    std::size_t matches = 0;
    const auto count = [](unsigned, unsigned long long, unsigned long long, unsigned, void* all) {
      ++*static_cast<std::size_t*>(all);
      return 0;
    };
    for (const std::string_view text : texts) {
      hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_, count, &matches);
    }
    return matches;
  }
  std::size_t Bytes() const { return bytes_; }

 private:
  static rules::WideExpression Wide(const TextPattern& pattern) {
    using rules::Pcre;
    const std::uint32_t letter_case =
        pattern.letter_case == rules::LetterCase::kIgnored ? std::uint32_t{Pcre::kCaseless} : 0;
    if (!pattern.text.starts_with("!REGEX!")) {
      return rules::Widen(rules::TranslateFnmatchPlainly(pattern.text), Pcre::kDotAll | letter_case);
    }
    const auto regex = rules::TranslatePythonRegex(std::string_view(pattern.text).substr(7)).value();
    return rules::Widen(regex.pattern, regex.flags | letter_case);
  }

  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Texts a second of Python, in a process of its own.
double PythonSpeed(const std::vector<TextPattern>& patterns, const Texts& texts) {
  const TempDir folder;
  std::string json = "[";
  for (const TextPattern& pattern : patterns) {
    json += json.size() > 1 ? ", [" : "[";
    model::AppendJson(json, std::string_view(pattern.text));
    json += pattern.letter_case == rules::LetterCase::kIgnored ? ", 1]" : ", 0]";
  }
  std::ofstream(folder / "patterns.json") << json << "]";
  json = "[";
  for (const std::string_view text : texts) {
    if (json.size() > 1) json += ", ";
    model::AppendJson(json, text);
  }
  std::ofstream(folder / "texts.json") << json << "]";
  std::ofstream(folder / "match.py") << kPython;
  const std::string command =
      fmt::format("cd '{}' && python3 match.py patterns.json texts.json", folder.Path().string());
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  double speed = 0;
  if (!pipe || std::fscanf(pipe.get(), "%lf", &speed) != 1) return 0;
  return speed;
}

struct Size {
  std::size_t patterns, runs, plain_texts, python_texts;
};

TextMatcher Compile(const std::vector<TextPattern>& patterns, TextMatcher::Engines engines,
                    const rules::CacheSlot& slot = {}) {
  auto matcher = TextMatcher::Compile(patterns, engines, slot);
  if (!matcher) throw std::runtime_error(matcher.error().front().what);
  return std::move(*matcher);
}

/// How many hits only one of both has, over the first texts that `plain` was made of.
std::size_t Differences(const std::vector<rules::TextHit>& ours, const std::vector<rules::TextHit>& plain,
                        std::size_t texts) {
  const auto before = [](const rules::TextHit& a, const rules::TextHit& b) {
    return std::pair(a.datum, a.id) < std::pair(b.datum, b.id);
  };
  const auto end = std::find_if(ours.begin(), ours.end(), [&](const auto& hit) { return hit.datum >= texts; });
  std::vector<rules::TextHit> different;
  std::set_symmetric_difference(ours.begin(), end, plain.begin(), plain.end(), std::back_inserter(different),
                                before);
  return different.size();
}

/// Prints a row of the table; gives the differences.
std::size_t Measure(const Size& size, const Texts& texts) {
  const auto patterns = rules::testing::MadeUpPatterns(7, size.patterns);
  const TempDir folder;
  rules::ScanCache cache(folder / "cache");
  const rules::CacheSlot slot{&cache, "bench"};
  const auto kBoth = TextMatcher::Engines::kBoth;
  const double compile = SecondsOf([&] { (void)Compile(patterns, kBoth, slot); });
  const double reload = SecondsOf([&] { (void)Compile(patterns, kBoth, slot); });
  const TextMatcher matcher = Compile(patterns, kBoth, slot);
  RawHyperscan raw(patterns);

  MatchScratch scratch(kNoTimeLimits);
  rules::TextHits hits = matcher.Scan(texts, scratch);  // warm: confirming patterns have their machine code
  std::vector<double> ours, scans, ratios;
  for (std::size_t run = 0; run < size.runs; ++run) {
    scans.push_back(SecondsOf([&] { (void)raw.Scan(texts); }));
    ours.push_back(SecondsOf([&] { hits = matcher.Scan(texts, scratch); }));
    ratios.push_back(scans.back() / ours.back());
  }
  const TextMatcher plain = Compile(patterns, TextMatcher::Engines::kPcre2Alone);
  const Texts fewer(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(size.plain_texts));
  rules::TextHits plain_hits;
  (void)plain.Scan(Texts(texts.begin(), texts.begin() + 10), scratch);
  const double plain_seconds = SecondsOf([&] { plain_hits = plain.Scan(fewer, scratch); });
  const double python = PythonSpeed(
      patterns, Texts(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(size.python_texts)));

  const auto amount = static_cast<double>(texts.size());
  const double speed = amount / Median(ours);
  const double plain_speed = static_cast<double>(size.plain_texts) / plain_seconds;
  const std::size_t differences = Differences(hits.hits, plain_hits.hits, size.plain_texts);
  fmt::print(
      "| {} | {:.0f} | {:.0f} | {:.2f} | {:.0f} | {:.0f} | {:.1f} | {:.0f} | {:.2f} | {:.0f} | {:.1f} | {} | "
      "{} |\n",
      size.patterns, speed, amount / Median(scans), Median(ratios), plain_speed, speed / plain_speed, python,
      python > 0 ? speed / python : 0, compile, reload * 1e3, static_cast<double>(raw.Bytes()) / 1e6,
      hits.hits.size(), differences);
  std::fflush(stdout);
  return differences;
}

}  // namespace
}  // namespace brood

int main(int argc, char** argv) {
  using namespace brood;
  const bool quick = argc == 2 && std::string_view(argv[1]) == "quick";
  if (argc > 1 && !quick) {
    fmt::print(stderr, "usage: brood_rules [quick]\n");
    return 2;
  }
  const auto texts = rules::testing::MadeUpTexts(11, 20'000);
  const auto bytes =
      std::accumulate(texts.begin(), texts.end(), std::size_t{0},
                      [](std::size_t sum, const std::string& text) { return sum + text.size(); });
  fmt::print("{} texts, {:.1f} bytes in the mean; texts a second\n\n", texts.size(),
             static_cast<double>(bytes) / static_cast<double>(texts.size()));
  fmt::print(
      "| patterns | brood | hs_scan | brood / hs_scan | PCRE2 alone | brood / PCRE2 | Python | brood / Python "
      "| "
      "compile s | reload ms | database MB | hits | differences |\n|{}\n",
      " --- |---|---|---|---|---|---|---|---|---|---|---|---|");
  const std::vector<Size> sizes =
      quick ? std::vector<Size>{{100, 3, 2'000, 100}, {1'000, 3, 500, 20}}
            : std::vector<Size>{{100, 7, 20'000, 2'000}, {1'000, 7, 20'000, 200}, {10'000, 5, 20'000, 20}};
  std::size_t differences = 0;
  for (const Size& size : sizes) {
    differences += Measure(size, {texts.begin(), texts.end()});
  }
  return differences == 0 ? 0 : 1;
}
