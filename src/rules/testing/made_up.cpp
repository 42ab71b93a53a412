#include "rules/testing/made_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <span>

namespace brood::rules::testing {
namespace {

using List = std::span<const char* const>;

constexpr std::array kFolders = {"C:\\Windows\\System32",
                                 "C:\\Users\\user\\AppData\\Roaming",
                                 "C:\\Users\\Анна\\AppData\\Local\\Temp",
                                 "C:\\ProgramData\\Package Cache",
                                 "C:\\Program Files (x86)\\Common Files",
                                 "\\Device\\HarddiskVolume1",
                                 "/tmp/.X11"};
constexpr std::array kHives = {"HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion",
                               "HKEY_CURRENT_USER\\Software\\Classes\\CLSID",
                               "HKLM\\SYSTEM\\ControlSet001\\Services"};
constexpr std::array kEndings = {"exe", "dll", "dat", "tmp", "EXE", "txt", "js", "docx.scr", "ÄÖÜ", "K"};
constexpr std::array kPrograms = {"cmd.exe /c", "powershell -NoP -Enc", "schtasks /create /tn", "rundll32.exe",
                                  "wscript.exe //B"};
constexpr std::array kOddities = {"é",  "ſtraße", "日本語", "\n", "\t",     "\xC2\xA0", "😀", "\xE2\x80\xA8",
                                  "Σς", "k",      "ԱՐ",     "٣",  "a\nb\n", "$",        "^", "[x]",
                                  "*",  "\\Q"};
constexpr std::array kSyllables = {"ba",  "ke",  "lo",  "mi",  "su",  "dra", "fen", "gor", "hix", "jal",
                                   "nop", "que", "rst", "tum", "vex", "wyn", "zor", "shi", "cat", "pul"};

/// A stream of choices.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t bound) { return random_() % bound; }
  std::string_view One(List list) { return list[Below(list.size())]; }

  /// One of some eight thousand, in one of three cases.
  std::string Word() {
    std::string word;
    for (std::size_t i = 0; i < 3; ++i) word += One(kSyllables);
    const std::size_t letter_case = Below(8);
    if (letter_case < 3) word[0] = static_cast<char>(word[0] - 0x20);
    if (letter_case == 0) std::transform(word.begin(), word.end(), word.begin(), Upper);
    return word;
  }

  std::string Text() {
    switch (Below(10)) {
      case 0:
      case 1:
      case 2:
        return fmt::format("{}\\{}\\{}{}.{}", One(kFolders), Word(), Word(), Below(100), One(kEndings));
      case 3:
      case 4:
        return fmt::format("{}\\{}\\{}\\{}", One(kHives), Word(), Word(), Word());
      case 5:
        return fmt::format("{} {} \"{}\\{}.{}\" {}", One(kPrograms), Word(), One(kFolders), Word(),
                           One(kEndings), Below(9'999));
      case 6:
        return fmt::format("http://{}.{}.example/{}/{}.php?{}={:x}", Word(), Word(), Word(), Word(), Word(),
                           random_());
      case 7:
        return fmt::format("Global\\{}-{:08X}-{:04x}", Word(), Below(1U << 31U), Below(65'536));
      case 8:
        return fmt::format("{}{}{} {}{}", Word(), One(kOddities), Word(), One(kOddities), Word());
      default:
        return fmt::format("{}{} the {} of {} and {}", One(kOddities), Word(), Word(), Word(), Word());
    }
  }

  std::string Wildcard() {
    switch (Below(12)) {
      case 0:
      case 1:
        return fmt::format("*\\{}\\*", Word());
      case 2:
        return fmt::format("*{}*.{}", Word(), One(kEndings));
      case 3:
        return fmt::format("{}\\*\\{}*", One(kFolders), Word());
      case 4:
        return fmt::format("*{}*{}*", Word(), Word());
      case 5:
        return fmt::format("{}\\{}\\{}", One(kHives), Word(), "*");
      case 6:
        return fmt::format("{}*", Word());
      case 7:
        return fmt::format("*{}", Word());
      case 8:
        return fmt::format("*\\{}??.{}", Word(), One(kEndings));
      case 9:
        return fmt::format("{} {}*[0-9a-f][!x]", One(kPrograms), Word());
      case 10:
        return fmt::format("?{}*{}?*", Word(), Word());
      default:
        return fmt::format("*{}*{}*", One(kOddities), Word().substr(0, 5));
    }
  }

  std::string Regex() { return "!REGEX!" + (Below(3) == 0 ? OddRegex() : PlainRegex()); }

 private:
  static char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c; }

  std::string PlainRegex() {
    switch (Below(9)) {
      case 0:
        return fmt::format(R"(\\{}\\[^\\]+\.(exe|dll|{})$)", Word(), Word());
      case 1:
        return fmt::format(R"({}[0-9]{{1,3}}\.(dat|tmp))", Word());
      case 2:
        return fmt::format(R"(^(Global\\)?{}-[0-9A-F]{{8}})", Word());
      case 3:
        return fmt::format(R"(({}|{}|{}).*{})", Word(), Word(), Word(), Word());
      case 4:
        return fmt::format(R"(https?://[a-z.]*{}[^/]*/)", Word());
      case 5:
        return fmt::format(R"({}(?:{})?\\{}\Z)", Word(), Word(), Word());
      case 6:
        return fmt::format("(?s){}.{}", Word(), Word());
      case 7:
        return fmt::format("{}.?{}", Word(), Word().substr(0, 4));
      default:
        return fmt::format(R"(\.{}\?{}=)", Word().substr(0, 3), Word());
    }
  }

  /// What the engines might see differently.
  std::string OddRegex() {
    switch (Below(18)) {
      case 0:
        return fmt::format(R"(\b{}\b)", Word());
      case 1:
        return fmt::format(R"({}\s+\w+\s{})", Word(), Word().substr(0, 3));
      case 2:
        return fmt::format("{}(?={})", Word(), Word().substr(0, 3));
      case 3:
        return fmt::format(R"((?<!\\){}(?!\w*{}))", Word(), Word().substr(0, 3));
      case 4:
        return fmt::format(R"(({}|{})\\\1)", Word().substr(0, 6), Word());
      case 5:
        return fmt::format("(?i){}[k-t]", Word().substr(0, 7));
      case 6:
        return fmt::format("(?m)^{}|{}$", Word(), Word());
      case 7:
        return fmt::format(R"({}\W\w)", Word());
      case 8:
        return fmt::format("({})?(?(1){}|{})", Word(), Word(), Word());
      case 9:
        return fmt::format("(?i:{}|é){}", Word(), Word().substr(0, 2));
      case 10:
        return fmt::format("[^a-z{}]{}", "éſ", Word());
      case 11:
        return fmt::format(R"((?a)\W{}\b)", Word());
      case 12:
        return fmt::format(R"((?P<q>[a-z]{{2}}){}(?P=q))", Word().substr(0, 5));
      case 13:
        return fmt::format("{}{{,3}}\\d{{2,}}", Word());
      case 14:
        return fmt::format("{}$", Word());
      case 15:
        return fmt::format(R"([\d٣][\s\S]{}[\D])", Word());
      case 16:
        return fmt::format("(?x) {} [ ]? {} # free", Word(), Word().substr(0, 3));
      default:
        return fmt::format("(?:{}|)(?:日本|[а-яё]+){}", Word(), "\\\\?");
    }
  }

  std::mt19937_64 random_;
};

}  // namespace

std::vector<TextPattern> MadeUpPatterns(std::uint64_t seed, std::size_t amount) {
  Maker maker(seed);
  std::vector<TextPattern> patterns;
  for (std::uint32_t id = 0; id < amount; ++id) {
    const std::size_t kind = maker.Below(100);
    TextPattern pattern{id, kind < 48 ? maker.Wildcard() : kind < 66 ? maker.Text() : maker.Regex()};
    if (maker.Below(5) == 0) pattern.letter_case = LetterCase::kIgnored;
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

std::vector<std::string> MadeUpTexts(std::uint64_t seed, std::size_t amount) {
  Maker maker(seed);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < amount; ++i) texts.push_back(maker.Text());
  return texts;
}

}  // namespace brood::rules::testing
