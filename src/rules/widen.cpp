#include "rules/widen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "rules/beyond_ascii.hpp"
#include "rules/character_set.hpp"
#include "rules/pcre.hpp"

namespace brood::rules {
namespace {

using Matches = WideExpression::Matches;

// A repeat is unrolled by Hyperscan, so that large ones make large automata.
constexpr unsigned kLargeRepeat = 255;
// A longer set is too much for Hyperscan: some large ranges of letters have holes in their other cases.
constexpr std::size_t kMostRanges = 64;
constexpr std::string_view kAnyText = "(?s:.*)";
constexpr std::string_view kBeyondAscii = "\\x{80}-\\x{10ffff}";
constexpr std::string_view kByteBeyondAscii = "\\x80-\\xff";
/// Reads what fnmatch and python_regex write, which is less than PCRE2 takes: each literal that is no letter,
/// digit or underscore has a backslash, and beyond ASCII it is \x{...}.
class Widener {
 public:
  Widener(std::string_view pattern, std::uint32_t flags, Texts texts)
      : in_(pattern), flags_(flags), bytes_(texts == Texts::kAscii) {}

  WideExpression Run() {
    if (flags_ & Pcre::kCaseless) out_.expression.flags |= ScanExpression::kCaseless;
    if (flags_ & Pcre::kDotAll) out_.expression.flags |= ScanExpression::kDotAll;
    if (!bytes_) out_.expression.flags |= ScanExpression::kUtf8;
    while (at_ < in_.size()) Step();
    return std::move(out_);
  }

 private:
  bool Caseless() const { return (flags_ & Pcre::kCaseless) != 0; }
  bool Multiline() const { return (flags_ & Pcre::kMultiline) != 0; }
  bool Unicode() const { return (flags_ & Pcre::kAscii) == 0; }

  void Put(std::string_view text) { out_.expression.text += text; }
  void PutMore(std::string_view text) {
    Put(text);
    out_.matches = Matches::kMore;
  }
  bool Take(std::string_view text) {
    if (!in_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  void Step() {
    switch (const char c = in_[at_]) {
      case '\\':
        return Escape();
      case '[':
        return Set();
      case '(':
        return Open();
      case '{':
        return Repeat();
      case '*':
      case '+':
      case '?':
        ++at_;
        Put({&c, 1});
        return Possessive();
      case '^':
      case '$':
        ++at_;
        return Multiline() ? PutMore("") : Put({&c, 1});
      default:
        ++at_;
        return Put({&c, 1});
    }
  }

  void Possessive() {
    if (Take("+")) out_.matches = Matches::kMore;
  }

  /// The text from `begin` up to and with the next `end`.
  std::string_view Through(std::size_t begin, char end) {
    at_ = std::min(in_.find(end, begin), in_.size() - 1) + 1;
    return in_.substr(begin, at_ - begin);
  }

  void Escape() {
    const std::size_t begin = at_;
    if (Take("\\g{")) {
      Through(begin, '}');
      return PutMore(kAnyText);
    }
    if (!bytes_ && (Take("\\b") || Take("\\B"))) return PutMore("");
    if (in_.substr(begin).starts_with("\\x{")) {
      CharacterSet character;
      const std::uint32_t c = CodePoint();
      character.Add(c, c);
      return PutSet(character, in_.substr(begin, at_ - begin), false);
    }
    at_ = std::min(at_ + 2, in_.size());
    Put(in_.substr(begin, at_ - begin));
  }

  /// One of the members, which `written` says, or any but them.
  void PutSet(CharacterSet members, std::string_view written, bool negated) {
    const bool beyond = members.HasBeyondAscii();
    const bool differs = bytes_ ? members.HasClass() || beyond
                                : (members.HasClass() && (Unicode() || Caseless())) || (beyond && Caseless());
    if (!differs) return Put(written);
    if (Caseless()) members.AddOtherCases();
    if (!bytes_ && !members.HasClass() && members.RangesBeyondAscii() <= kMostRanges) {
      return Put(fmt::format("(?-i:[{}{}])", negated ? "^" : "", members.Text()));
    }
    if (negated) members.NegateAscii();
    const std::string ascii = members.AsciiText();
    if (bytes_) return Put(fmt::format("[{}{}]", ascii, kByteBeyondAscii));
    PutMore(fmt::format(fmt::runtime(Caseless() ? "(?-i:[{}{}])" : "[{}{}]"), ascii, kBeyondAscii));
  }

  static std::uint32_t Hex(std::string_view digits) {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
  }

  std::uint32_t CodePoint() {
    if (Take("\\x{")) {
      const std::size_t begin = at_;
      return Hex(Through(begin, '}'));
    }
    if (Take("\\x")) return at_ += 2, Hex(in_.substr(at_ - 2, 2));
    Take("\\");
    return static_cast<unsigned char>(in_[at_++]);
  }

  /// Up to the closing bracket. A hyphen without a backslash makes a range.
  CharacterSet ReadMembers() {
    CharacterSet members;
    while (at_ + 1 < in_.size() && in_[at_] != ']') {
      if (in_[at_] == '\\' && std::string_view("dDsSwW").find(in_[at_ + 1]) != std::string_view::npos) {
        members.AddClass(in_[at_ + 1]);
        at_ += 2;
        continue;
      }
      const std::uint32_t first = CodePoint();
      members.Add(first, Take("-") ? CodePoint() : first);
    }
    return members;
  }

  void Set() {
    const std::size_t begin = at_++;
    const bool negated = Take("^");
    const CharacterSet members = ReadMembers();
    at_ = std::min(at_ + 1, in_.size());
    PutSet(members, in_.substr(begin, at_ - begin), negated);
  }

  void Open() {
    const std::size_t begin = at_;
    if (Take("(?>")) return PutMore("(?:");
    if (Take("(?=") || Take("(?!") || Take("(?<") || Take("(?(")) {
      out_.expression.flags |= ScanExpression::kPrefilter;
      return PutMore(in_.substr(begin, at_ - begin));
    }
    if (!Take("(?")) return ++at_, Put("(");
    const std::string_view opening = Through(begin, ':');
    const std::string_view on = opening.substr(0, opening.find('-'));
    // From here on is enough, and more than the group is no harm.
    if (on.find('i') != std::string_view::npos) flags_ |= Pcre::kCaseless;
    if (on.find('m') != std::string_view::npos) flags_ |= Pcre::kMultiline;
    Put(opening);
  }

  /// {n}, {n,} or {n,m}; a literal brace has a backslash.
  void Repeat() {
    const std::string_view braces = Through(at_, '}');
    unsigned least = 0;
    unsigned most = kLargeRepeat + 1;
    const char* const end = braces.data() + braces.size() - 1;
    const char* const comma = std::from_chars(braces.data() + 1, end, least).ptr;
    if (comma == end) most = least;
    if (comma < end) std::from_chars(comma + 1, end, most);
    const bool open = braces.ends_with(",}");
    if (least > kLargeRepeat) {
      PutMore("{" + std::to_string(kLargeRepeat) + ",}");
    } else if (most > kLargeRepeat && !open) {
      PutMore("{" + std::to_string(least) + ",}");
    } else {
      Put(braces);
    }
    if (Take("?")) Put("?");
    Possessive();
  }

  std::string_view in_;
  std::uint32_t flags_;
  const bool bytes_;  // each character is one
  std::size_t at_ = 0;
  WideExpression out_;
};

}  // namespace

WideExpression Widen(std::string_view pattern, std::uint32_t flags, Texts texts) {
  if (texts == Texts::kAscii && NeedsBeyondAscii(pattern, flags)) return {{}, Matches::kNever};
  return Widener(pattern, flags, texts).Run();
}

}  // namespace brood::rules
