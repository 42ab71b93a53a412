#include "transfer/dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace brood::transfer {
namespace {

using testing::ElementsAre;

constexpr auto kLine = R"({"_index":"whitelist","_type":"subnet","_id":"10.0.0.0/8","_source":{"owner":"x"}})";

struct Seen {
  std::size_t records = 0, bytes = 0;
  std::vector<std::string> bad;
};

Seen Read(const std::string& text) {
  Seen seen;
  std::istringstream in(text);
  const auto done = ReadDump(
      in, "",
      [&seen](const Record&) {
        ++seen.records;
        return store::Result<void>();
      },
      [&seen](const std::string& place, const std::string& why) { seen.bad.push_back(place + ": " + why); },
      [&seen](std::size_t bytes) { seen.bytes += bytes; });
  EXPECT_TRUE(done);
  return seen;
}

TEST(ReadDump, EachLineIsADocument) {
  const std::string text = std::string(kLine) + "\n\r\n" + kLine;
  const Seen seen = Read(text);
  EXPECT_EQ(seen.records, 2U);
  EXPECT_EQ(seen.bytes, text.size());
  EXPECT_THAT(seen.bad, ElementsAre());
}

TEST(ReadDump, BadLinesAreNamedAndTheRestIsRead) {
  const Seen seen =
      Read(std::string("[]\n{\"_index\"\n") + kLine + "\n{}\n" + std::string(70 << 20, 'x') + "\n" + kLine);
  EXPECT_EQ(seen.records, 2U);
  EXPECT_THAT(seen.bad, ElementsAre("1: it is no JSON object", testing::StartsWith("2: it is no JSON: "),
                                    "4: it has no _index", "5: it is longer than 64 MiB"));
}

TEST(ReadDump, AStoreThatFailsEndsIt) {
  std::istringstream in(std::string(kLine) + "\n" + kLine);
  int asked = 0;
  const auto done = ReadDump(
      in, "",
      [&asked](const Record&) {
        ++asked;
        return store::Result<void>(Unexpected(store::StoreError{store::Errc::kFull, "no room"}));
      },
      [](const std::string&, const std::string&) {}, [](std::size_t) {});
  EXPECT_FALSE(done);
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace brood::transfer
