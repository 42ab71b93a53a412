// A third-party list and a whitelist. What is taken is in its one form; what is not is told in one line of
// text.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "feeds/list_text.hpp"
#include "feeds/subnet.hpp"
#include "feeds/whitelist_text.hpp"
#include "input.hpp"

namespace {

bool IsOneLine(std::string_view text) { return text.find_first_of("\r\n\x1b") == text.npos; }

void ReadAsList(std::string_view text) {
  const auto list = brood::feeds::ReadList(text);
  if (!list)
    return brood::fuzz::Require(IsOneLine(list.error()) && brood::IsUtf8(list.error()), "one line of text");
  brood::fuzz::Require((list->skipped == 0) == list->first_skipped.empty(),
                       "the first line that is skipped is named");
  brood::fuzz::Require(IsOneLine(list->first_skipped), "one line of text");
  std::string again;
  for (const std::string& entry : list->entries) {
    const auto subnet = brood::rules::ParseSubnet(entry);
    brood::fuzz::Require(subnet && brood::feeds::EntryText(*subnet) == entry, "an entry has one form");
    again += entry + "\n";
  }
  const auto read_again = brood::feeds::ReadList(again);
  brood::fuzz::Require(read_again && read_again->entries == list->entries, "a list reads back");
}

void ReadAsWhitelist(std::string_view text) {
  const auto entries = brood::feeds::ReadWhitelist("file", text, "owner");
  if (!entries) return brood::fuzz::Require(!entries.error().empty(), "a refusal names a line");
  for (const auto& entry : *entries) {
    const auto same = brood::feeds::CanonicalWhitelistValue(entry.kind, entry.value);
    brood::fuzz::Require(same && *same == entry.value, "a value has one form");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ReadAsList(text);
  ReadAsWhitelist(text);
  return 0;
}
