#include "rules/beyond_ascii.hpp"

#include <algorithm>
#include <charconv>

#include "rules/pcre.hpp"

namespace brood::rules {
namespace {

constexpr std::uint32_t kFirst = 0x80;
// Without regard to case these two are letters of ASCII as well.
constexpr std::uint32_t kLongS = 0x17F;
constexpr std::uint32_t kKelvin = 0x212A;
constexpr int kDeepest = 100;

/// Reads a pattern once; each reading function says of what it reads whether it needs such a character.
class Reader {
 public:
  Reader(std::string_view pattern, std::uint32_t flags)
      : in_(pattern), caseless_((flags & Pcre::kCaseless) != 0) {}

  bool Run() {
    const bool needs = Alternatives();
    return needs && at_ == in_.size();  // else it was not understood
  }

 private:
  bool More() const { return at_ < in_.size(); }
  bool Take(std::string_view text) {
    if (!in_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void Through(char end) { at_ = std::min(in_.find(end, at_), in_.size() - 1) + 1; }

  bool Alternatives() {
    bool all = Sequence();
    while (Take("|")) all &= Sequence();
    return all;
  }

  bool Sequence() {
    bool any = false;
    while (More() && in_[at_] != '|' && in_[at_] != ')') {
      const bool needs = Item();
      const bool may_be_absent = Repeat();
      any |= needs && !may_be_absent;
    }
    return any;
  }

  bool Item() {
    if (Take("[")) return Set();
    if (Take("(")) return Group();
    if (Take("\\g{")) return Through('}'), false;
    const bool escaped = in_[at_] == '\\';
    return escaped ? IsBeyond(CodePoint()) : (++at_, false);
  }

  /// True if what was read last may be left out.
  bool Repeat() {
    bool may_be_absent = false;
    if (Take("*") || Take("?")) {
      may_be_absent = true;
    } else if (Take("{")) {
      may_be_absent = Take("0,") || Take("0}");
      if (in_[at_ - 1] != '}') Through('}');
    } else if (!Take("+")) {
      return false;
    }
    if (!Take("?")) Take("+");
    return may_be_absent;
  }

  bool Group() {
    bool counts = true;  // what looks around or depends on another group does not
    if (Take("?(")) {
      Through(')');
      counts = false;
    } else if (Take("?=") || Take("?!") || Take("?<=") || Take("?<!")) {
      counts = false;
    } else if (!Take("?>") && Take("?")) {
      const std::size_t begin = at_;
      Through(':');
      // From here on is enough, and more than the group is no harm.
      caseless_ |= in_.substr(begin, at_ - begin).find('i') != std::string_view::npos;
    }
    if (++depth_ > kDeepest) return false;
    const bool needs = Alternatives();
    --depth_;
    Take(")");
    return counts && needs;
  }

  bool Set() {
    bool all = !Take("^");
    while (More() && in_[at_] != ']') {
      const bool is_class = in_[at_] == '\\' && at_ + 1 < in_.size() &&
                            std::string_view("dDsSwW").find(in_[at_ + 1]) != std::string_view::npos;
      if (is_class) {
        at_ += 2;
        all = false;
        continue;
      }
      const std::uint32_t first = CodePoint();
      const std::uint32_t last = Take("-") ? CodePoint() : first;
      all = all && IsBeyond(first, last);
    }
    Take("]");
    return all;
  }

  bool IsBeyond(std::uint32_t c) const { return IsBeyond(c, c); }
  bool IsBeyond(std::uint32_t first, std::uint32_t last) const {
    const auto has = [&](std::uint32_t c) { return first <= c && c <= last; };
    return first >= kFirst && !(caseless_ && (has(kLongS) || has(kKelvin)));
  }

  /// A character, escaped or not. Of an escape that is none, what stands behind the backslash.
  std::uint32_t CodePoint() {
    if (Take("\\x{")) {
      const std::size_t begin = at_;
      Through('}');
      return Hex(in_.substr(begin, at_ - begin));
    }
    if (Take("\\x")) {
      at_ = std::min(at_ + 2, in_.size());
      return Hex(in_.substr(at_ - 2, 2));
    }
    Take("\\");
    return More() ? static_cast<unsigned char>(in_[at_++]) : 0;
  }

  static std::uint32_t Hex(std::string_view digits) {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  bool caseless_;
  int depth_ = 0;
};

}  // namespace

bool NeedsBeyondAscii(std::string_view pattern, std::uint32_t flags) { return Reader(pattern, flags).Run(); }

}  // namespace brood::rules
