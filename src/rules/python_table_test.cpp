#include <gtest/gtest.h>

#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "rules/fnmatch.hpp"
#include "rules/text_matcher.hpp"

namespace brood::rules {
namespace {

namespace json = boost::json;

/// The lines of a table in testdata; see the README there.
std::vector<json::object> Table(const char* name) {
  const std::string text = ReadFile(std::string("src/rules/testdata/") + name).value();
  std::vector<json::object> rows;
  for (const std::string_view line : Split(text, '\n')) {
    if (!line.empty()) rows.push_back(json::parse(line).as_object());
  }
  return rows;
}

std::vector<std::string> Texts(const json::value& list) {
  return json::value_to<std::vector<std::string>>(list);
}

/// Which of the texts the pattern matches.
std::set<std::string> Matched(const TextMatcher& matcher, const std::vector<std::string>& texts) {
  MatchScratch scratch{Limits{}};
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const TextHits found = matcher.Scan(views, scratch);
  EXPECT_TRUE(found.limits.empty());
  std::set<std::string> matched;
  for (const TextHit& hit : found.hits) matched.insert(texts[hit.datum]);
  return matched;
}

void ExpectRow(const TextMatcher& matcher, const json::object& row, const std::string& pattern) {
  const auto yes = Texts(row.at("yes"));
  EXPECT_EQ(Matched(matcher, yes), std::set<std::string>(yes.begin(), yes.end())) << pattern;
  EXPECT_EQ(Matched(matcher, Texts(row.at("no"))), std::set<std::string>()) << pattern;
}

/// Which of the texts PCRE2 finds the pattern in.
std::set<std::string> Matched(const Pcre& pattern, const std::vector<std::string>& texts) {
  MatchScratch scratch{Limits{}};
  std::set<std::string> matched;
  for (const std::string& text : texts) {
    if (pattern.Search(text, scratch) == Pcre::Outcome::kMatch) matched.insert(text);
  }
  return matched;
}

TEST(Fnmatch, IsTranslatedToWhatMatchesAsPythonDoes) {
  for (const json::object& row : Table("fnmatch.jsonl")) {
    const std::string pattern(row.at("pattern").as_string());
    const auto yes = Texts(row.at("yes"));
    for (const std::string& text : {TranslateFnmatch(pattern), TranslateFnmatchPlainly(pattern)}) {
      const auto compiled = Pcre::Compile(text, Pcre::kDotAll);
      ASSERT_TRUE(compiled) << pattern << ": " << compiled.error().message;
      EXPECT_EQ(Matched(*compiled, yes), std::set<std::string>(yes.begin(), yes.end())) << pattern;
      EXPECT_EQ(Matched(*compiled, Texts(row.at("no"))), std::set<std::string>()) << pattern;
    }
  }
}

/// One row in eight: each is compiled by Hyperscan.
std::vector<json::object> SomeRows() {
  std::vector<json::object> some;
  const auto rows = Table("fnmatch.jsonl");
  for (std::size_t i = 0; i < rows.size(); i += 8) some.push_back(rows[i]);
  return some;
}

TEST(Fnmatch, MatchesAsPythonDoes) {
  for (const json::object& row : SomeRows()) {
    const std::string pattern(row.at("pattern").as_string());
    const auto matcher = TextMatcher::Compile(std::vector{TextPattern{0, pattern}});
    ASSERT_TRUE(matcher) << pattern << ": " << matcher.error().front().what;
    ExpectRow(*matcher, row, pattern);
  }
}

/// With letter case ignored every pattern goes the way of the regular expressions, literal ones too.
TEST(Fnmatch, MatchesAsPythonDoesWithoutTheLookUpOfLiterals) {
  for (const json::object& row : SomeRows()) {
    const std::string pattern(row.at("pattern").as_string());
    if (pattern.find('!') != std::string::npos) continue;  // what is not "a" is not "A" either
    const auto matcher = TextMatcher::Compile(
        std::vector{TextPattern{0, pattern, TextPattern::Syntax::kWildcardOrRegex, LetterCase::kIgnored}});
    ASSERT_TRUE(matcher) << pattern;
    const auto yes = Texts(row.at("yes"));
    EXPECT_EQ(Matched(*matcher, yes), std::set<std::string>(yes.begin(), yes.end())) << pattern;
  }
}

/// Where this room goes further than Python, as python_regex.hpp says.
bool IsMoreThanPython(std::string_view pattern) { return pattern == "(?<=a|bc)d" || pattern == "(?ia)É"; }

TEST(Regex, SearchesAsPythonDoesAndRefusesWhatPythonRefuses) {
  for (const json::object& row : Table("regex.jsonl")) {
    const std::string pattern(row.at("pattern").as_string());
    if (IsMoreThanPython(pattern)) continue;
    const auto matcher = TextMatcher::Compile(std::vector{TextPattern{0, "!REGEX!" + pattern}});
    if (row.contains("error")) {
      EXPECT_FALSE(matcher) << pattern << " is refused by Python: " << row.at("error");
      continue;
    }
    EXPECT_TRUE(matcher) << pattern << ": " << matcher.error().front().what;
    if (matcher) ExpectRow(*matcher, row, pattern);
  }
}

}  // namespace
}  // namespace brood::rules
