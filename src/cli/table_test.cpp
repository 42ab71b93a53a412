#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace brood::cli {
namespace {

TEST(Printable, LeavesPlainTextAndForeignLettersAlone) {
  EXPECT_EQ(Printable("report 17.exe"), "report 17.exe");
  EXPECT_EQ(Printable("Überweisung – 請求書 😀"), "Überweisung – 請求書 😀");
  EXPECT_EQ(Printable(""), "");
}

TEST(Printable, TakesTheCommandsOfATerminalOut) {
  EXPECT_EQ(Printable("a\x1b[31mred\x07\r\n\tb\x7f"), "a?[31mred????b?");
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(Printable("csi \xc2\x9b"
                      "2J"),
            "csi ?2J");
  EXPECT_EQ(Printable("no break\xc2\xa0space"), "no break\xc2\xa0space");
}

TEST(Printable, TakesTheMarksOutThatTurnTheDirectionOfText) {
  EXPECT_EQ(Printable("invoice\xe2\x80\xae"
                      "fdp.exe"),
            "invoice?fdp.exe");
  EXPECT_EQ(Printable("\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\xa8"), "?x??");
  EXPECT_EQ(Printable("\xe2\x80\xa6"), "…");
}

TEST(Printable, MakesBytesThatAreNoUtf8Visible) {
  EXPECT_EQ(Printable("a\xff\xfe"), "a\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(WidthOf, CountsCodePointsAndNotBytes) {
  EXPECT_EQ(WidthOf(""), 0U);
  EXPECT_EQ(WidthOf("abc"), 3U);
  EXPECT_EQ(WidthOf("Übung…"), 6U);
}

TEST(Table, AlignsColumnsByWidthAndDoesNotPadTheLast) {
  Table table({"FILE", "STATE", "WHY"});
  table.Add({"ü", "scored", "a"});
  table.Add({"longer", "x", ""});
  EXPECT_EQ(table.Render(),
            "FILE    STATE   WHY\n"
            "ü       scored  a\n"
            "longer  x       \n");
}

TEST(Table, KeepsOneLineARowWhateverTheCellsHold) {
  Table table({"FILE", "X"});
  table.Add({"a\nb", "c\x1b[2J"});
  EXPECT_EQ(table.Render(), "FILE  X\na?b   c?[2J\n");
}

TEST(Table, TakesRowsOfDifferentLength) {
  Table table({"A"});
  table.Add({"1", "2", "3"});
  EXPECT_EQ(table.Render(), "A\n1  2  3\n");
}

}  // namespace
}  // namespace brood::cli
