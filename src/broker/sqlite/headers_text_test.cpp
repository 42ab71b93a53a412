#include "broker/sqlite/headers_text.hpp"

#include <gtest/gtest.h>

namespace brood::broker::sqlite {
namespace {

TEST(HeadersText, IsReadable) {
  EXPECT_EQ(EncodeHeaders({{"first-seen", "1700000000000"}, {"trace", ""}}),
            "10:first-seen13:17000000000005:trace0:");
}

TEST(HeadersText, ComesBackExactly) {
  const Headers headers{{"", ""}, {"3:abc", "1:x2:"}, {"nul", std::string("a\0b", 3)}, {"line", "\n\r\t"}};
  EXPECT_EQ(DecodeHeaders(EncodeHeaders(headers)), headers);
  EXPECT_EQ(DecodeHeaders(""), Headers{});
}

TEST(HeadersText, RefusesWhatIsNotOfItsForm) {
  for (const char* text :
       {"x", "3", "3:", "3:ab", "3:abc", "3:abc4:abc", "-1:a1:b", ":", "99999999999999999999:a"}) {
    EXPECT_EQ(DecodeHeaders(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace brood::broker::sqlite
