#include "rules/other_cases.hpp"

#include <string>

#include "base/utf8.hpp"
#include "rules/pcre.hpp"
#include "rules/pcre_text.hpp"

namespace brood::rules {
namespace {

constexpr std::uint32_t kEnd = 0x110000;
/// All that may have another case, and some that do not.
constexpr std::string_view kCased =
    "[\\p{Lu}\\p{Ll}\\p{Lt}\\p{Changes_When_Casemapped}\\p{Changes_When_Casefolded}]";

bool IsSurrogate(std::uint32_t c) { return c >= 0xD800 && c < 0xE000; }

std::string AllCharacters() {
  std::string all;
  for (std::uint32_t c = 0; c < kEnd; ++c) {
    if (!IsSurrogate(c)) AppendUtf8(all, c);
  }
  return all;
}

std::string Joined(const std::vector<std::string_view>& texts) {
  std::string joined;
  for (const std::string_view text : texts) joined += text;
  return joined;
}

}  // namespace

CaseTable::CaseTable() {
  const std::string all = AllCharacters();
  const std::string cased = Joined(Pcre(kCased, 0).FindAll(all));
  for (const char32_t c : CodePoints(cased)) {
    std::string pattern;
    AppendLiteral(pattern, c);
    for (const char32_t same : CodePoints(Joined(Pcre(pattern, Pcre::kCaseless).FindAll(cased)))) {
      if (same != c) others_[c].push_back(same);
    }
  }
}

const CaseTable& CaseTable::OfPcre2() {
  static const CaseTable table;
  return table;
}

void CaseTable::AppendOthers(std::uint32_t first, std::uint32_t last, std::vector<std::uint32_t>& out) const {
  for (auto at = others_.lower_bound(first); at != others_.end() && at->first <= last; ++at) {
    out.insert(out.end(), at->second.begin(), at->second.end());
  }
}

}  // namespace brood::rules
