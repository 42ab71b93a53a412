#include "model/json_string.hpp"

#include <gtest/gtest.h>

#include <random>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "model/json_text.hpp"
#include "model/json_writer.hpp"

namespace brood::model {
namespace {

/// In memory of exactly the promised size, so that a sanitizer sees every step outside.
std::string Escaped(std::string_view text) {
  std::vector<char> out(EscapedSize(text) + kStringSlack);
  const char* const end = Escape(text, out.data());
  EXPECT_EQ(static_cast<std::size_t>(end - out.data()), EscapedSize(text));
  return std::string(static_cast<const char*>(out.data()), end);
}

std::string Unescaped(std::string_view raw, Repairs& repairs) {
  const std::vector<char> in(raw.begin(), raw.end());
  std::vector<char> out(raw.size() + kStringSlack);
  const char* const end = Unescape({in.data(), in.size()}, out.data(), repairs);
  return std::string(static_cast<const char*>(out.data()), end);
}

/// Plain runs of every length with what needs an escape between them.
std::string RandomText(std::mt19937& random) {
  constexpr std::string_view kOdd("\"\\\n\t\b\f\r\x01\x1F\x00/\x7F", 12);
  std::string text;
  for (std::uint32_t runs = random() % 5; runs > 0; --runs) {
    text += std::string(random() % 40, 'a') + (random() % 3 == 0 ? "é€" : "");
    for (std::uint32_t odd = random() % 4; odd > 0; --odd) text += kOdd[random() % kOdd.size()];
  }
  return text;
}

TEST(JsonString, EscapesAsBoostDoes) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    const std::string text = RandomText(random);
    EXPECT_EQ('"' + Escaped(text) + '"', boost::json::serialize(boost::json::string(text))) << round;
  }
}

TEST(JsonString, UnescapesWhatItEscaped) {
  std::mt19937 random(4);
  for (int round = 0; round < 5000; ++round) {
    const std::string text = RandomText(random);
    Repairs repairs;
    EXPECT_EQ(Unescaped(Escaped(text), repairs), text) << round;
    EXPECT_EQ(repairs.surrogates + repairs.bad_escapes, 0);
    EXPECT_EQ(repairs.not_ascii, text.find("é") != std::string::npos);
  }
}

TEST(JsonString, AnEscapeIsReadWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (const std::size_t after : {0U, 1U, 15U, 16U, 17U}) {
      const std::string front(before, 'x'), back(after, 'y');
      Repairs repairs;
      EXPECT_EQ(Unescaped(front + R"(\ud83d\ude00)" + back, repairs), front + "😀" + back);
      EXPECT_EQ(Unescaped(front + R"(\u20ac\\\n)" + back, repairs), front + "€\\\n" + back);
      EXPECT_EQ(repairs.surrogates + repairs.bad_escapes, 0);
      EXPECT_EQ(Unescaped(front + R"(\u12)", repairs), front + R"(\u12)");
      EXPECT_EQ(Unescaped(front + "\\", repairs), front + "\\");
      EXPECT_EQ(repairs.bad_escapes, 2);
    }
  }
}

TEST(JsonString, FindsTheFirstByteThatNeedsAnEscape) {
  for (std::size_t at = 0; at < 50; ++at) {
    for (const char c : {'"', '\\', '\n', '\x1F'}) {
      std::string text(60, 'x');
      text[at] = c;
      text[55] = '"';
      EXPECT_EQ(FindEscapable(text), at);
    }
  }
  EXPECT_EQ(FindEscapable("\x7F é /"), 6U);
  EXPECT_EQ(FindEscapable(""), 0U);
}

TEST(JsonWriter, WritesTheSameWholeAndInPieces) {
  std::mt19937 random(6);
  JsonWriter whole(0);
  std::string pieces;
  JsonWriter streamed([&](std::string_view bytes) { pieces += bytes; });
  std::string wanted;
  const auto write = [&](JsonWriter& out, const std::string& text, std::int64_t number) {
    out.Text(text);
    out.Value(number);
    out.Value(0.5);
    out.Value(true);
    out.Raw("{}");
  };
  for (int round = 0; round < 300; ++round) {
    std::string text = RandomText(random);
    if (round % 50 == 0) text = std::string(200'000, '\x01') + text;
    const auto number = static_cast<std::int64_t>(random()) - 5;
    write(whole, text, number);
    write(streamed, text, number);
    AppendJson(wanted, std::string_view(text));
    AppendJson(wanted, number);
    wanted += "0.5true{}";
  }
  streamed.Flush();
  EXPECT_EQ(pieces, wanted);
  EXPECT_EQ(std::move(whole).Take(), wanted);
}

}  // namespace
}  // namespace brood::model
