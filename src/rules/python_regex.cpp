#include "rules/python_regex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/utf8.hpp"
#include "rules/pcre_text.hpp"
#include "rules/python_escape.hpp"
#include "rules/python_flags.hpp"

namespace brood::rules {
namespace {

using Kind = RegexEscape::Kind;
using Done = Expected<void, RegexError>;

constexpr std::uint64_t kMaxRepeat = 65'535;  // PCRE2's bound

/// Walks the source once, writing PCRE2's syntax. Groups are kept on a stack of its own, so that nesting costs
/// no stack.
class Translator {
 public:
  explicit Translator(std::u32string_view source) : in_{source, 0} {}

  Expected<TranslatedRegex, RegexError> Run() {
    while (!in_.Done()) {
      if (SkipVerbose()) continue;
      out_.origins.emplace_back(out_.pattern.size(), in_.at);
      if (Done step = Step(); !step) return Unexpected(step.error());
    }
    if (!open_.empty()) return Unexpected(RegexError{"missing ), unterminated subpattern", open_.back().begin});
    return std::move(out_);
  }

 private:
  enum class Last { kNothing, kItem, kAnchor, kRepeat };

  struct Group {
    std::size_t begin;
    std::uint32_t number;  // 0: does not capture
    bool verbose;          // as it was outside
  };

  static tl::unexpected<RegexError> Fail(std::string what, std::size_t at) {
    return Unexpected(RegexError{std::move(what), at});
  }

  bool SkipVerbose() {
    if (!verbose_) return false;
    if (in_.Take(U'#')) {
      while (!in_.Done() && in_.Next() != U'\n') {
      }
      return true;
    }
    return std::u32string_view(U" \t\n\r\v\f").find(in_.Peek()) != std::u32string_view::npos &&
           (in_.Next(), true);
  }

  void Put(std::string_view text, Last last) {
    out_.pattern += text;
    last_ = last;
    started_ = true;
  }

  Done Step() {
    const char32_t c = in_.Next();
    switch (c) {
      case U'\\':
        return Escape();
      case U'[':
        return Set();
      case U'(':
        return Open();
      case U')':
        return Close();
      case U'|':
        return Put("|", Last::kNothing), Done{};
      case U'.':
        return Put(".", Last::kItem), Done{};
      case U'^':
      case U'$':
        return Put(c == U'^' ? "^" : "$", Last::kAnchor), Done{};
      case U'*':
        return Repeat("*");
      case U'+':
        return Repeat("+");
      case U'?':
        return Repeat("?");
      case U'{':
        return Braces();
      default:
        return Literal(c), Done{};
    }
  }

  void Literal(char32_t c) {
    Put("", Last::kItem);
    AppendLiteral(out_.pattern, c);
  }

  Done Set() {
    const auto set = TranslateRegexSet(in_, out_.flags);
    if (!set) return Unexpected(set.error());
    Put(*set, Last::kItem);
    return {};
  }

  Done Escape() {
    const std::size_t begin = in_.at - 1;
    const auto escape = ReadEscape(in_, EscapePlace::kOutside);
    if (!escape) return Unexpected(escape.error());
    switch (escape->kind) {
      case Kind::kLiteral:
        Literal(escape->value);
        return {};
      case Kind::kClass:
        Put(fmt::format("[{}]", ClassInSet(escape->value, out_.flags)), Last::kItem);
        return {};
      case Kind::kBackReference:
        return BackReference(escape->value, begin);
      case Kind::kAnchor:
        break;
    }
    Put(escape->value == U'Z' ? "\\z" : fmt::format("\\{}", static_cast<char>(escape->value)), Last::kAnchor);
    return {};
  }

  Done BackReference(std::uint32_t group, std::size_t begin) {
    if (group > groups_) return Fail(fmt::format("invalid group reference {}", group), begin);
    for (const Group& open : open_) {
      if (open.number == group) return Fail("cannot refer to an open group", begin);
    }
    Put(fmt::format("\\g{{{}}}", group), Last::kItem);
    return {};
  }

  Done Repeat(std::string_view quantifier) {
    const std::size_t begin = in_.at - 1;
    if (last_ == Last::kNothing || last_ == Last::kAnchor) return Fail("nothing to repeat", begin);
    if (last_ == Last::kRepeat) return Fail("multiple repeat", begin);
    Put(quantifier, Last::kRepeat);
    if (in_.Take(U'?')) out_.pattern += '?';
    if (in_.Take(U'+')) out_.pattern += '+';
    return {};
  }

  std::string Digits() {
    std::string digits;
    while (IsRegexDigit(in_.Peek())) digits += static_cast<char>(in_.Next());
    return digits;
  }

  static std::uint64_t Number(const std::string& digits) {
    return digits.size() > 9 ? kMaxRepeat + 1 : std::stoull(digits);
  }

  /// `{` begins a quantifier only if all of one follows; else it is itself. `{,n}` is {0,n}.
  Done Braces() {
    const std::size_t begin = in_.at - 1;
    if (in_.Peek() == U'}') return Literal(U'{'), Done{};
    const std::string low = Digits();
    const bool comma = in_.Take(U',');
    const std::string high = comma ? Digits() : low;
    if (!in_.Take(U'}')) {
      in_.at = begin + 1;
      return Literal(U'{'), Done{};
    }
    const std::uint64_t least = low.empty() ? 0 : Number(low);
    const std::uint64_t most = high.empty() ? kMaxRepeat : Number(high);
    if (std::max(least, most) > kMaxRepeat)
      return Fail(fmt::format("a repeat count is over {}", kMaxRepeat), begin);
    if (most < least) return Fail("min repeat greater than max repeat", begin);
    if (high.empty()) return Repeat(fmt::format("{{{},}}", least));
    return Repeat(fmt::format("{{{},{}}}", least, most));
  }

  void Enter(std::string_view opening, std::size_t begin, std::uint32_t number) {
    open_.push_back({begin, number, verbose_});
    Put(opening, Last::kNothing);
  }

  Done Close() {
    if (open_.empty()) return Fail("unbalanced parenthesis", in_.at - 1);
    verbose_ = open_.back().verbose;
    open_.pop_back();
    Put(")", Last::kItem);
    return {};
  }

  Done Open() {
    const std::size_t begin = in_.at - 1;
    if (!in_.Take(U'?')) return Enter("(", begin, ++groups_), Done{};
    const char32_t c = in_.Peek();
    if (c == RegexCursor::kEnd) return Fail("unexpected end of pattern", in_.at);
    if (IsRegexFlag(c) || c == U'-') return Flags(begin);
    in_.Next();
    switch (c) {
      case U'P':
        return Named(begin);
      case U'#':
        return Comment(begin);
      case U'(':
        return Conditional(begin);
      case U':':
      case U'=':
      case U'!':
      case U'>':
        return Enter(fmt::format("(?{}", static_cast<char>(c)), begin, 0), Done{};
      case U'<':
        break;
      default:
        return Fail(fmt::format("unknown extension ?{}", Utf8(c)), begin + 1);
    }
    const char32_t look = in_.Next();
    if (look == U'=' || look == U'!') {
      return Enter(fmt::format("(?<{}", static_cast<char>(look)), begin, 0), Done{};
    }
    return Fail("unknown extension ?< (a named group is (?P<name>...))", begin + 1);
  }

  static std::string Utf8(char32_t c) {
    std::string text;
    AppendUtf8(text, c);
    return text;
  }

  Done Comment(std::size_t begin) {
    while (!in_.Take(U')')) {
      if (in_.Done()) return Fail("missing ), unterminated comment", begin);
      in_.Next();
    }
    return {};
  }

  /// The name up to `end`, which is read too.
  Expected<std::u32string, RegexError> Name(char32_t end) {
    const std::size_t begin = in_.at;
    std::u32string name;
    while (!in_.Done() && in_.Peek() != end) name += in_.Next();
    if (name.empty()) return Fail("missing group name", begin);
    if (!in_.Take(end))
      return Fail(fmt::format("missing {}, unterminated name", static_cast<char>(end)), begin);
    return name;
  }

  static bool IsIdentifier(std::u32string_view name) {
    const auto ok = [](char32_t c) {
      return c == U'_' || c >= 0x80 || IsRegexDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return !IsRegexDigit(name.front()) && std::all_of(name.begin(), name.end(), ok);
  }

  Done Named(std::size_t begin) {
    if (in_.Take(U'=')) return NamedReference(begin);
    if (!in_.Take(U'<')) return Fail("unknown extension ?P", begin + 1);
    const std::size_t at = in_.at;
    const auto name = Name(U'>');
    if (!name) return Unexpected(name.error());
    if (!IsIdentifier(*name)) return Fail("bad character in group name", at);
    if (!names_.emplace(*name, ++groups_).second) return Fail("redefinition of a group name", at);
    return Enter("(", begin, groups_), Done{};
  }

  Done NamedReference(std::size_t begin) {
    const auto name = Name(U')');
    if (!name) return Unexpected(name.error());
    const auto found = names_.find(*name);
    if (found == names_.end()) return Fail("unknown group name", begin + 4);
    return BackReference(found->second, begin);
  }

  Done Conditional(std::size_t begin) {
    const std::size_t at = in_.at;
    const auto name = Name(U')');
    if (!name) return Unexpected(name.error());
    if (const auto found = names_.find(*name); found != names_.end()) {
      return Enter(fmt::format("(?({})", found->second), begin, 0), Done{};
    }
    const bool number = std::all_of(name->begin(), name->end(), IsRegexDigit) && name->size() <= 5;
    if (!number) return Fail("unknown group name", at);
    std::string digits(name->begin(), name->end());
    if (Number(digits) == 0) return Fail("bad group number", at);
    return Enter(fmt::format("(?({})", Number(digits)), begin, 0), Done{};
  }

  Done Flags(std::size_t begin) {
    const auto flags = ReadRegexFlags(in_, out_.flags);
    if (!flags) return Unexpected(flags.error());
    if (flags->scope == RegexFlags::Scope::kGroup) {
      const bool outside = verbose_;
      Enter(flags->opening, begin, 0);
      open_.back().verbose = outside;
      verbose_ = (verbose_ || flags->verbose_on) && !flags->verbose_off;
      return {};
    }
    if (started_) return Fail("global flags not at the start of the expression", begin);
    out_.flags |= flags->global;
    verbose_ = verbose_ || flags->verbose_on;
    return {};
  }

  RegexCursor in_;
  TranslatedRegex out_;
  std::vector<Group> open_;
  std::map<std::u32string, std::uint32_t> names_;
  std::uint32_t groups_ = 0;
  Last last_ = Last::kNothing;
  bool verbose_ = false;
  bool started_ = false;
};

}  // namespace

std::size_t TranslatedRegex::Origin(std::size_t offset) const {
  const auto after = std::upper_bound(origins.begin(), origins.end(), offset,
                                      [](std::size_t o, const auto& origin) { return o < origin.first; });
  return after == origins.begin() ? 0 : std::prev(after)->second;
}

Expected<TranslatedRegex, RegexError> TranslatePythonRegex(std::string_view source) {
  const std::u32string points = CodePoints(source);
  return Translator(points).Run();
}

}  // namespace brood::rules
