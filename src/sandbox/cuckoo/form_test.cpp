#include "sandbox/cuckoo/form.hpp"

#include <gtest/gtest.h>

#include <map>

namespace brood::sandbox::cuckoo {
namespace {

using Options = std::map<std::string, std::string>;

Upload WithOptions(Options options) {
  Upload upload;
  upload.file = "/tmp/sample";
  upload.file_name = "a.exe";
  upload.options = std::move(options);
  upload.custom = "brood:m:0";
  upload.owner = "brood-m";
  return upload;
}

Options FieldsOf(Options options, Dialect dialect) {
  const auto form = MakeForm(WithOptions(std::move(options)), dialect);
  EXPECT_TRUE(form) << form.error();
  Options fields;
  for (const http::FormPart& part : form.value())
    fields[part.name] = part.name == "file" ? part.file_name : part.value;
  return fields;
}

TEST(MakeForm, SendsWhatCuckooUnderstands) {
  EXPECT_EQ(FieldsOf({{"options", "json.calls=0"}, {"timeout", "60"}, {"package", ""}}, Dialect::kCuckoo2),
            (Options{{"options", "json.calls=0"},
                     {"timeout", "60"},
                     {"custom", "brood:m:0"},
                     {"owner", "brood-m"},
                     {"file", "a.exe"}}));
}

TEST(MakeForm, SendsNeitherOwnerNorTagsToOneDotX) {
  EXPECT_EQ(FieldsOf({{"tags", "x86"}}, Dialect::kCuckoo1),
            (Options{{"custom", "brood:m:0"}, {"file", "a.exe"}}));
}

TEST(MakeForm, SendsEachTagOnce) {
  EXPECT_EQ(FieldsOf({{"tags", " x86 , acrobat,,x86"}}, Dialect::kCuckoo2)["tags"], "x86,acrobat");
  EXPECT_FALSE(FieldsOf({{"tags", " , "}}, Dialect::kCuckoo2).contains("tags"));
}

TEST(MakeForm, LeavesFalseOutBecauseOneDotTwoTakesAnyTextForTrue) {
  for (const Dialect dialect : {Dialect::kCuckoo1, Dialect::kCuckoo2}) {
    for (const char* no : {"false", "0", "no", "", "False"}) {
      const Options fields = FieldsOf({{"memory", no}, {"enforce_timeout", no}}, dialect);
      EXPECT_FALSE(fields.contains("memory")) << no;
      EXPECT_FALSE(fields.contains("enforce_timeout")) << no;
    }
    EXPECT_EQ(FieldsOf({{"memory", "True"}}, dialect)["memory"], "1");
  }
}

TEST(MakeForm, RefusesWhatTheServersWouldChokeOn) {
  const auto maybe = MakeForm(WithOptions({{"memory", "maybe"}}), Dialect::kCuckoo2);
  ASSERT_FALSE(maybe);
  EXPECT_EQ(maybe.error(), "the option 'memory' must be yes or no");
  const auto umlaut = MakeForm(WithOptions({{"options", "uml=\xC3\xBC"}}), Dialect::kCuckoo1);
  ASSERT_FALSE(umlaut);
  EXPECT_EQ(umlaut.error(), "Cuckoo 1.x takes no text outside ASCII in the option 'options'");
  EXPECT_TRUE(MakeForm(WithOptions({{"options", "uml=\xC3\xBC"}}), Dialect::kCuckoo2));
}

TEST(MakeForm, NeverLetsAnOptionReplaceMarkerOrFile) {
  EXPECT_EQ(FieldsOf({{"custom", "x"}, {"owner", "y"}, {"file", "z"}}, Dialect::kCuckoo2),
            (Options{{"custom", "brood:m:0"}, {"owner", "brood-m"}, {"file", "a.exe"}}));
}

TEST(SafeFileName, KeepsNamesThatAreHarmless) {
  EXPECT_EQ(SafeFileName("sample one.exe"), "sample one.exe");
  EXPECT_EQ(SafeFileName("q\xC3\xBC.exe"), "q\xC3\xBC.exe");
  EXPECT_EQ(SafeFileName(".hidden"), ".hidden");
}

TEST(SafeFileName, MakesOthersHarmless) {
  EXPECT_EQ(SafeFileName(""), "sample");
  EXPECT_EQ(SafeFileName(".."), "sample");
  EXPECT_EQ(SafeFileName("/etc/passwd"), "passwd");
  EXPECT_EQ(SafeFileName("C:\\Users\\x\\evil.doc"), "evil.doc");
  EXPECT_EQ(SafeFileName("a\r\nb.exe"), "a__b.exe");
}

TEST(SafeFileName, ShortensBetweenCharactersAndKeepsTheEnding) {
  std::string name;
  for (int i = 0; i < 150; ++i) name += "\xC3\xBC";
  const std::string safe = SafeFileName(name + ".exe");
  EXPECT_LE(safe.size(), 200u);
  EXPECT_TRUE(safe.ends_with("\xC3\xBC.exe"));
}

}  // namespace
}  // namespace brood::sandbox::cuckoo
