#include "http/multipart.hpp"

#include <gtest/gtest.h>

namespace brood::http {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=BB";

std::string Part(const std::string& disposition, const std::string& data) {
  return "--BB\r\nContent-Disposition: " + disposition + "\r\n\r\n" + data + "\r\n";
}

std::string ErrorOf(std::string_view type, std::string_view body, const MultipartLimits& limits = {}) {
  const auto parts = ParseMultipart(type, body, limits);
  return parts ? "parsed" : parts.error();
}

TEST(ParseMultipart, ReadsFieldsAndFiles) {
  const std::string body = Part("form-data; name=\"package\"", "exe") +
                           "--BB\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.exe\"\r\n"
                           "Content-Type: application/octet-stream\r\n\r\nMZ\r\n--BY\r\n\r\n--BB--\r\n";
  const auto parts = ParseMultipart(kType, body);
  ASSERT_TRUE(parts) << parts.error();
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "package");
  EXPECT_EQ((*parts)[0].data, "exe");
  EXPECT_FALSE((*parts)[0].file_name);
  EXPECT_EQ(FindPart(*parts, "file"), &(*parts)[1]);
  EXPECT_EQ((*parts)[1].file_name, "a.exe");
  EXPECT_EQ((*parts)[1].content_type, "application/octet-stream");
  EXPECT_EQ((*parts)[1].data, "MZ\r\n--BY\r\n");
  EXPECT_EQ(FindPart(*parts, "none"), nullptr);
}

TEST(ParseMultipart, KeepsEveryByteOfAFile) {
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 7);
  bytes += "\r\n--BBB\r\n--B\r\n\r\n--BB!\r\n-";
  const std::string body = Part("form-data; name=f; filename=x", bytes) + "--BB--";
  const auto parts = ParseMultipart(kType, body);
  ASSERT_TRUE(parts) << parts.error();
  EXPECT_EQ(parts->at(0).data, bytes);
}

TEST(ParseMultipart, ReadsAnEmptyPart) {
  const std::string body =
      Part("form-data; name=a", "") + Part("form-data; name=b; filename=\"\"", "") + "--BB--";
  const auto parts = ParseMultipart(kType, body);
  ASSERT_TRUE(parts) << parts.error();
  EXPECT_EQ(parts->at(0).data, "");
  EXPECT_EQ(parts->at(1).file_name, "");
}

TEST(ParseMultipart, TakesAFormWithoutParts) {
  const auto parts = ParseMultipart(kType, "--BB--\r\n");
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->empty());
}

TEST(ParseMultipart, UndoesQuotingButKeepsLoneBackslashes) {
  const std::string body = Part(R"(form-data; filename="a\"b\\c;d.exe"; name="f")", "1") +
                           Part(R"(form-data; name="g"; filename="C:\x\y")", "2") + "--BB--";
  const auto parts = ParseMultipart(kType, body);
  ASSERT_TRUE(parts) << parts.error();
  EXPECT_EQ(parts->at(0).file_name, R"(a"b\c;d.exe)");
  EXPECT_EQ(parts->at(1).file_name, R"(C:\x\y)");
}

TEST(ParseMultipart, TakesQuotedBoundariesPaddingPreludeAndOtherCase) {
  const std::string body =
      "\r\n--a b \t\r\ncontent-DISPOSITION: Form-Data; NAME=x\r\n\r\n1\r\n--a b--\r\nepilogue";
  const auto parts = ParseMultipart("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b\"", body);
  ASSERT_TRUE(parts) << parts.error();
  EXPECT_EQ(parts->at(0).data, "1");
}

TEST(ParseMultipart, RefusesEveryCutOfABody) {
  const std::string whole = Part("form-data; name=\"file\"; filename=\"x\"", "data") + "--BB--";
  ASSERT_EQ(ErrorOf(kType, whole), "parsed");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(ErrorOf(kType, whole.substr(0, length)), "parsed") << length;
  }
}

TEST(ParseMultipart, NamesWhatIsWrong) {
  EXPECT_EQ(ErrorOf("application/json", "{}"), "the body is no multipart/form-data");
  EXPECT_EQ(ErrorOf("multipart/form-data", "--BB--"), "the multipart boundary is missing or malformed");
  EXPECT_EQ(ErrorOf("multipart/form-data; boundary=\"", "--BB--"), "the body is no multipart/form-data");
  EXPECT_EQ(ErrorOf("multipart/form-data; boundary=" + std::string(201, 'b'), ""),
            "the multipart boundary is missing or malformed");
  EXPECT_EQ(ErrorOf(kType, "junk--BB--"), "the multipart body does not begin with its boundary");
  EXPECT_EQ(ErrorOf(kType, "--BBY\r\n"), "the first boundary's line goes on");
  EXPECT_EQ(ErrorOf(kType, "--BB\r\nContent-Type: a/b\r\n\r\n1\r\n--BB--"),
            "a part has no Content-Disposition");
  EXPECT_EQ(ErrorOf(kType, "--BB\r\nno colon\r\n\r\n1\r\n--BB--"), "a part's header line has no colon");
  EXPECT_EQ(ErrorOf(kType, Part("form-data", "1") + "--BB--"),
            "a part's Content-Disposition is no form-data with a name");
  EXPECT_EQ(ErrorOf(kType, Part("attachment; name=x", "1") + "--BB--"),
            "a part's Content-Disposition is no form-data with a name");
  EXPECT_EQ(ErrorOf(kType, Part("form-data; name=\"x", "1") + "--BB--"),
            "a part's Content-Disposition is no form-data with a name");
  EXPECT_EQ(ErrorOf(kType, "--BB\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--BB--"),
            "a part has a transfer encoding, which RFC 7578 does not allow");
}

TEST(ParseMultipart, BoundsPartsAndHeaders) {
  std::string many;
  for (int i = 0; i < 4; ++i) many += Part("form-data; name=a", "1");
  many += "--BB--";
  EXPECT_EQ(ErrorOf(kType, many, {.max_parts = 4}), "parsed");
  EXPECT_EQ(ErrorOf(kType, many, {.max_parts = 3}), "the multipart body has too many parts");
  const std::string wide = Part("form-data; name=a; filename=" + std::string(9'000, 'f'), "1") + "--BB--";
  EXPECT_EQ(ErrorOf(kType, wide), "a part's header does not end or is too long");
}

}  // namespace
}  // namespace brood::http
