#include "store/value_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace brood::store {
namespace {

Fingerprint Numbered(std::uint64_t high, std::uint64_t low) { return {high + 1, low}; }

TEST(ValueSet, HasWhatWasAddedAndNotRemoved) {
  ValueSet values;
  EXPECT_FALSE(values.Contains(Numbered(1, 1)));
  values.Remove(Numbered(1, 1));
  values.Add(Numbered(1, 1));
  values.Add(Numbered(1, 1));
  EXPECT_EQ(values.Size(), 1U);
  EXPECT_TRUE(values.Contains(Numbered(1, 1)));
  EXPECT_FALSE(values.Contains(Numbered(2, 1)));
  values.Remove(Numbered(1, 1));
  EXPECT_EQ(values.Size(), 0U);
  EXPECT_FALSE(values.Contains(Numbered(1, 1)));
}

TEST(ValueSet, AgreesWithAStandardSetHoweverPlacesCollide) {
  std::mt19937_64 random(7);
  ValueSet values;
  std::set<std::uint64_t> expected;
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t number = random() % 600;
    const Fingerprint fingerprint = Numbered(number, number % 90 * 7);  // few places, so long chains
    if (random() % 5 < 3) {
      values.Add(fingerprint);
      expected.insert(number);
    } else {
      values.Remove(fingerprint);
      expected.erase(number);
    }
    if (i % 500 != 0) continue;
    ASSERT_EQ(values.Size(), expected.size());
    for (std::uint64_t n = 0; n < 600; ++n) {
      ASSERT_EQ(values.Contains(Numbered(n, n % 90 * 7)), expected.contains(n)) << n;
    }
  }
}

TEST(ValueSet, TakesWhatItSaysAndIsLean) {
  constexpr std::size_t kEntries = 10'000;
  ValueSet values(kEntries);
  const std::size_t bytes = values.Bytes();
  EXPECT_EQ(bytes, ValueSet::BytesFor(kEntries));
  for (std::size_t i = 0; i < kEntries; ++i) values.Add(FingerprintOf("hash", std::to_string(i)));
  EXPECT_EQ(values.Bytes(), bytes);
  EXPECT_EQ(values.Size(), kEntries);
  EXPECT_LE(bytes, kEntries * 43);
}

TEST(Fingerprint, TellsTypeAndValueApart) {
  EXPECT_EQ(FingerprintOf("ip", "a"), FingerprintOf("ip", "a"));
  EXPECT_NE(FingerprintOf("ip", "a"), FingerprintOf("domain", "a"));
  EXPECT_NE(FingerprintOf("ip", "a"), FingerprintOf("ipa", ""));
}

}  // namespace
}  // namespace brood::store
