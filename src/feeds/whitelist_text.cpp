#include "feeds/whitelist_text.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "feeds/subnet.hpp"
#include "rules/net_names.hpp"

namespace brood::feeds {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kMaxOwner = 256;

bool IsHash(std::string_view lower) {
  return IsHex(lower, 32) || IsHex(lower, 40) || IsHex(lower, 64) || IsHex(lower, 128);
}

store::WhitelistKind KindOf(std::string_view value) {
  if (IsHash(LowerAscii(value))) return store::WhitelistKind::kHash;
  const bool subnet =
      value.find_first_not_of("0123456789./") == value.npos || value.find_first_of(":/") != value.npos;
  return subnet ? store::WhitelistKind::kSubnet : store::WhitelistKind::kDomain;
}

std::string_view WithoutComment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != line.npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != kBlanks.npos) return line.substr(0, at);
  }
  return line;
}

Expected<std::string, std::string> CheckedOwner(std::string_view owner) {
  const bool controls =
      std::ranges::any_of(owner, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
  if (owner.size() <= kMaxOwner && !controls && IsUtf8(owner)) return std::string(owner);
  return Unexpected(std::string("the owner must be at most 256 bytes of UTF-8 without control characters"));
}

Expected<store::WhitelistEntry, std::string> ReadEntry(std::string_view line, const std::string& owner) {
  const std::size_t blank = std::min(line.find_first_of(kBlanks), line.size());
  const std::string_view value = line.substr(0, blank), rest = TrimAscii(line.substr(blank));
  const store::WhitelistKind kind = KindOf(value);
  auto canonical = CanonicalWhitelistValue(kind, value);
  if (!canonical) return Unexpected(std::move(canonical.error()));
  auto whose = CheckedOwner(rest.empty() ? std::string_view(owner) : rest);
  if (!whose) return Unexpected(std::move(whose.error()));
  return store::WhitelistEntry{kind, std::move(*canonical), std::move(*whose)};
}

}  // namespace

Expected<std::string, std::string> CanonicalWhitelistValue(store::WhitelistKind kind, std::string_view value) {
  if (kind == store::WhitelistKind::kSubnet) {
    const auto subnet = rules::ParseSubnet(value);
    if (!subnet) return Unexpected("That is no subnet: " + subnet.error() + ".");
    return SubnetText(*subnet);
  }
  if (kind == store::WhitelistKind::kHash) {
    std::string hash = LowerAscii(value);
    if (IsHash(hash)) return hash;
    return Unexpected(std::string("A hash is an MD5, SHA-1, SHA-256 or SHA-512 in hex digits."));
  }
  auto domain = rules::CanonicalDomain(value);
  if (domain) return std::move(*domain);
  return Unexpected(
      std::string("A domain is letters, digits, '-' and '_' between dots; write others in punycode (xn--…)."));
}

Expected<std::vector<store::WhitelistEntry>, std::vector<rules::ListProblem>> ReadWhitelist(
    const std::string& file, std::string_view text, const std::string& owner) {
  std::vector<store::WhitelistEntry> entries;
  std::vector<rules::ListProblem> problems;
  std::size_t number = 0;
  for (const std::string_view raw : Split(text, '\n')) {
    ++number;
    const std::string_view line = TrimAscii(WithoutComment(raw));
    if (line.empty()) continue;
    auto entry = ReadEntry(line, owner);
    if (entry) {
      entries.push_back(std::move(*entry));
    } else {
      problems.push_back({file, number, std::move(entry.error())});
    }
  }
  if (!problems.empty()) return Unexpected(std::move(problems));
  return entries;
}

}  // namespace brood::feeds
