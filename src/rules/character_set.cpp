#include "rules/character_set.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rules/other_cases.hpp"

namespace brood::rules {
namespace {

bool IsLetter(std::size_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool IsDigit(std::size_t c) { return c >= '0' && c <= '9'; }
bool IsSpace(std::size_t c) { return (c >= '\t' && c <= '\r') || c == ' '; }

}  // namespace

CharacterSet::Ascii CharacterSet::ClassMembers(char letter) {
  Ascii members;
  for (std::size_t c = 0; c < members.size(); ++c) {
    switch (letter | 0x20) {
      case 'd':
        members[c] = IsDigit(c);
        break;
      case 's':
        members[c] = IsSpace(c);
        break;
      default:
        members[c] = IsLetter(c) || IsDigit(c) || c == '_';
    }
  }
  return letter >= 'a' ? members : ~members;
}

void CharacterSet::Add(std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t c = first; c <= last && c < ascii_.size(); ++c) ascii_.set(c);
  const auto beyond = std::max(first, static_cast<std::uint32_t>(ascii_.size()));
  if (beyond <= last) beyond_.emplace_back(beyond, last);
}

void CharacterSet::AddClass(char letter) {
  ascii_ |= ClassMembers(letter);
  has_class_ = true;
}

void CharacterSet::AddOtherCases() {
  for (std::size_t upper = 'A'; upper <= 'Z'; ++upper) {
    const std::size_t lower = upper + ('a' - 'A');
    ascii_[upper] = ascii_[lower] = ascii_[upper] || ascii_[lower];
  }
  if (beyond_.empty()) return;
  std::vector<std::uint32_t> others;
  for (std::uint32_t c = 0; c < ascii_.size(); ++c) {
    if (ascii_[c]) CaseTable::OfPcre2().AppendOthers(c, c, others);
  }
  for (const auto& [first, last] : beyond_) CaseTable::OfPcre2().AppendOthers(first, last, others);
  for (const std::uint32_t c : others) Add(c, c);
  Merge();
}

void CharacterSet::Merge() {
  std::sort(beyond_.begin(), beyond_.end());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> merged;
  for (const auto& [first, last] : beyond_) {
    if (!merged.empty() && first <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, last);
    } else {
      merged.emplace_back(first, last);
    }
  }
  beyond_ = std::move(merged);
}

std::string CharacterSet::AsciiText() const {
  std::string text;
  for (std::size_t first = 0; first < ascii_.size(); ++first) {
    if (!ascii_[first]) continue;
    std::size_t last = first;
    while (last + 1 < ascii_.size() && ascii_[last + 1]) ++last;
    text += fmt::format("\\x{:02x}-\\x{:02x}", first, last);
    first = last;
  }
  return text;
}

std::string CharacterSet::Text() const {
  std::string text = AsciiText();
  for (const auto& [first, last] : beyond_) text += fmt::format("\\x{{{:x}}}-\\x{{{:x}}}", first, last);
  return text;
}

}  // namespace brood::rules
