#include "store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/digest.hpp"
#include "store/limits.hpp"

namespace brood::store {
namespace {

using testing::HasSubstr;

TEST(EntryId, IsTypeAndValueUpTo400Bytes) {
  EXPECT_EQ(EntryId("hash", "44d88612fea8a8f36de82e1278abb02f"), "hash:44d88612fea8a8f36de82e1278abb02f");
  const std::string longest(396, 'u');
  EXPECT_EQ(EntryId("url", longest), "url:" + longest);
}

TEST(EntryId, IsTypeAndDigestOver400Bytes) {
  const std::string too_long(397, 'u');
  EXPECT_EQ(EntryId("url", too_long), "url:" + Sha256Hex(too_long));
}

TEST(Names, ReadBackAsTheSameValue) {
  for (const auto origin : {Origin::kRule, Origin::kApi, Origin::kImport}) {
    EXPECT_EQ(OriginFrom(Name(origin)), origin);
  }
  for (const auto kind : {WhitelistKind::kSubnet, WhitelistKind::kHash, WhitelistKind::kDomain}) {
    EXPECT_EQ(WhitelistKindFrom(Name(kind)), kind);
  }
  for (const auto state :
       {LetterState::kDelayed, LetterState::kSent, LetterState::kDead, LetterState::kDropped}) {
    EXPECT_EQ(LetterStateFrom(Name(state)), state);
  }
  EXPECT_EQ(Name(Origin::kImport), "import");
  EXPECT_EQ(Name(WhitelistKind::kDomain), "domain");
  EXPECT_EQ(Name(LetterState::kDead), "dead");
}

TEST(Names, AnUnknownNameIsNothing) {
  EXPECT_EQ(OriginFrom("Rule"), std::nullopt);
  EXPECT_EQ(WhitelistKindFrom(""), std::nullopt);
  EXPECT_EQ(LetterStateFrom("late"), std::nullopt);
}

TEST(ToError, WhatGoesAwayByItselfIsTransient) {
  EXPECT_EQ(ToError({Errc::kUnavailable, "no answer"}).kind, ErrorKind::kTransient);
  EXPECT_EQ(ToError({Errc::kFull, "disk is full"}).kind, ErrorKind::kTransient);
  EXPECT_EQ(ToError({Errc::kDamaged, "no run"}).kind, ErrorKind::kPermanent);
  EXPECT_EQ(ToError({Errc::kInvalid, "an id is empty"}).kind, ErrorKind::kPermanent);
  EXPECT_THAT(Describe(ToError({Errc::kFull, "disk is full"})), HasSubstr("disk is full"));
}

TEST(Limits, AnIdIsOneTo512BytesOfUtf8WithoutControlCharacters) {
  EXPECT_TRUE(CheckId("id", std::string(512, 'a')));
  EXPECT_TRUE(CheckId("id", "http://[::1]:8090:17 ä'\"%"));
  EXPECT_THAT(CheckId("report's id", "").error().what, HasSubstr("a report's id is empty"));
  EXPECT_THAT(CheckId("id", std::string(513, 'a')).error().what, HasSubstr("513 bytes"));
  EXPECT_THAT(CheckId("id", std::string("a\0b", 3)).error().what, HasSubstr("a?b has a control character"));
  EXPECT_THAT(CheckId("id", "a\xFF").error().what, HasSubstr("not UTF-8"));
}

TEST(Limits, ABlacklistValueIsAnyUtf8Text) {
  EXPECT_TRUE(Check(BlacklistEntry{.type = "url", .value = std::string("a\0b\n", 4)}));
  EXPECT_TRUE(Check(BlacklistEntry{.type = "url", .value = std::string(1'000'000, 'u')}));
  EXPECT_THAT(Check(BlacklistEntry{.type = "url", .value = "\xC3("}).error().what, HasSubstr("not UTF-8"));
  EXPECT_THAT(Check(BlacklistEntry{.type = "url"}).error().what, HasSubstr("no value"));
}

TEST(Limits, AScoreIsFinite) {
  BlacklistEntry entry{.type = "ip", .value = "192.0.2.1", .score = std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THAT(Check(entry).error().what, HasSubstr("192.0.2.1 is not a number"));
  entry.score = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Check(entry).error().code, Errc::kInvalid);
}

TEST(Limits, OneBadEntryNamesItselfForTheWholeFeed) {
  const std::vector<std::string> entries{"192.0.2.1", "192.0.2.2\nx"};
  EXPECT_THAT(CheckFeed("C&C", entries, "https://lists.test/a").error().what, HasSubstr("192.0.2.2?x"));
}

}  // namespace
}  // namespace brood::store
