#include "report/gzip.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace brood::report {
namespace {

std::string Packed(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

struct Result {
  std::string bytes, error;
};

Result Unpack(std::string_view packed, std::size_t piece, std::uint64_t max_bytes = 1U << 30U) {
  Result result;
  Inflater inflater([&](std::string_view bytes) { result.bytes += bytes; }, max_bytes);
  for (; !packed.empty(); packed.remove_prefix(std::min(piece, packed.size()))) {
    if (const auto fed = inflater.Feed(packed.substr(0, piece)); !fed) {
      result.error = fed.error().what;
      return result;
    }
  }
  if (const auto end = inflater.Finish(); !end) result.error = end.error().what;
  return result;
}

std::string Long() {
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  return text;
}

TEST(Inflater, UnpacksInPiecesOfAnySize) {
  for (const std::size_t piece : {1U, 3U, 1000U, 10'000'000U}) {
    const Result result = Unpack(Packed(Long()), piece);
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.bytes, Long()) << piece;
  }
}

TEST(Inflater, PassesPlainBytesThrough) {
  for (const std::string text : {"{\"a\": 1}", "\x1F", "\x1Fx", "{", ""}) {
    EXPECT_EQ(Unpack(text, 1).bytes, text);
    EXPECT_EQ(Unpack(text, 100).error, "");
  }
}

TEST(Inflater, GoesOnWithTheNextMember) {
  EXPECT_EQ(Unpack(Packed("one ") + Packed("two"), 5).bytes, "one two");
}

TEST(Inflater, SaysThatTheDataBreaksOff) {
  const std::string packed = Packed(Long());
  EXPECT_EQ(Unpack(packed.substr(0, packed.size() / 2), 1000).error, "the gzip data breaks off");
  EXPECT_EQ(Unpack(packed.substr(0, 2), 1000).error, "the gzip data breaks off");
}

TEST(Inflater, SaysThatTheDataIsDamaged) {
  std::string packed = Packed(Long());
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 0x55);  // the checksum
  EXPECT_EQ(Unpack(packed, 1000).error, "damaged gzip data");
}

TEST(Inflater, StopsAtItsLimit) {
  const Result result = Unpack(Packed(std::string(1'000'000, 'a')), 100, 200'000);
  EXPECT_EQ(result.error, "the report is longer than 200000 bytes");
  EXPECT_LE(result.bytes.size(), 200'000U);
}

}  // namespace
}  // namespace brood::report
