#include "feeds/list_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "feeds/subnet.hpp"

namespace brood::feeds {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kShownBytes = 40;
constexpr int kWidestV4 = 8, kWidestV6 = 16;

/// A line without what is behind its entry; empty for a comment.
std::string_view EntryOf(std::string_view line) {
  line = TrimAscii(line);
  return line.substr(0, line.find_first_of(" \t,#;"));
}

std::string Shown(std::string_view word) {
  std::string shown = MakeUtf8(Shorten(word, kShownBytes));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  return shown;
}

Expected<std::string, std::string> ReadEntry(std::string_view word) {
  const auto subnet = rules::ParseSubnet(word);
  if (!subnet) return Unexpected(fmt::format("'{}' is no address or subnet", Shown(word)));
  const bool v4 = subnet->first.family == rules::IpAddress::Family::kV4;
  if (PrefixOf(*subnet) < (v4 ? kWidestV4 : kWidestV6))
    return Unexpected(fmt::format("'{}' is too large a subnet", Shown(word)));
  return EntryText(*subnet);
}

bool IsPage(std::string_view text) { return TrimAscii(text.substr(0, 1'000)).starts_with('<'); }

}  // namespace

Expected<ListText, std::string> ReadList(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (IsPage(text)) return Unexpected(std::string("it is a page and no list"));
  ListText list;
  std::unordered_set<std::string> known;
  std::size_t number = 0, good = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    const std::string_view word = EntryOf(line);
    if (word.empty()) continue;
    auto entry = ReadEntry(word);
    if (!entry) {
      if (list.skipped++ == 0) list.first_skipped = fmt::format("line {}: {}", number, entry.error());
      continue;
    }
    ++good;
    if (known.insert(*entry).second) list.entries.push_back(std::move(*entry));
  }
  if (list.skipped > good)
    return Unexpected("most of its lines are no addresses or subnets: " + list.first_skipped);
  return list;
}

}  // namespace brood::feeds
