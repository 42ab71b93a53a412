#include "sandboxd/replay/top_level.hpp"

namespace brood::sandboxd::replay {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

class Walker {
 public:
  explicit Walker(std::string_view document) : text_(document) {}

  std::vector<Member> Walk() {
    std::vector<Member> members;
    if (!SkipBlanks() || text_[at_] != '{') return members;
    do {
      ++at_;
      Member member;
      if (!SkipBlanks() || text_[at_] != '"' || !SkipString()) break;
      member.key = text_.substr(string_start_ + 1, at_ - string_start_ - 2);
      if (!SkipBlanks() || text_[at_] != ':') break;
      ++at_;
      if (!SkipBlanks()) break;
      member.offset = at_;
      if (!SkipValue()) break;
      member.size = text_.find_last_not_of(kBlanks, at_ - 1) + 1 - member.offset;
      members.push_back(member);
    } while (text_[at_] == ',');
    return members;
  }

 private:
  bool SkipBlanks() {
    at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
    return at_ < text_.size();
  }

  bool SkipString() {
    string_start_ = at_;
    for (++at_;; at_ += 2) {
      at_ = text_.find_first_of("\"\\", at_);
      if (at_ == text_.npos) return false;
      if (text_[at_] == '"') break;
    }
    ++at_;
    return true;
  }

  /// To the comma or bracket behind the value; false if there is none.
  bool SkipValue() {
    std::size_t depth = 0;
    while ((at_ = text_.find_first_of("\"{}[],", at_)) != text_.npos) {
      const char c = text_[at_];
      if (c == '"') {
        if (!SkipString()) return false;
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) return true;
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      ++at_;
    }
    return false;
  }

  const std::string_view text_;
  std::size_t at_ = 0, string_start_ = 0;
};

}  // namespace

std::vector<Member> TopLevelMembers(std::string_view document) { return Walker(document).Walk(); }

}  // namespace brood::sandboxd::replay
