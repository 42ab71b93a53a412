#include "report/decode.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace brood::report {
namespace {

/// Where the last escape begins: a backslash that is not itself escaped.
std::size_t LastEscape(std::string_view raw) {
  const std::size_t last = raw.rfind('\\');
  if (last == std::string_view::npos) return last;
  std::size_t first = last;
  while (first > 0 && raw[first - 1] == '\\') --first;
  return (last - first) % 2 == 0 ? last : last - 1;
}

/// Unescapes to `out`, which has room for the text and some slack. True if what stands there is valid UTF-8.
bool UnescapeTo(char* out, std::string_view raw, std::size_t& size, Repairs& repairs) {
  size = static_cast<std::size_t>(model::Unescape(raw, out, repairs) - out);
  repairs.bad_utf8 = repairs.not_ascii && !IsUtf8({out, size});
  return !repairs.bad_utf8;
}

}  // namespace

bool IsPlain(std::string_view raw) { return model::FindEscapable(raw) == raw.size() && IsUtf8(raw); }

std::string Decode(std::string_view raw, Repairs& repairs) {
  if (IsPlain(raw)) return std::string(raw);
  std::string text(raw.size() + model::kStringSlack, '\0');
  std::size_t size = 0;
  const bool valid = UnescapeTo(text.data(), raw, size, repairs);
  text.resize(size);
  return valid ? text : MakeUtf8(text);
}

std::size_t DecodeInto(model::TextList& list, std::string_view raw, Repairs& repairs) {
  static_assert(model::TextList::kSlack >= model::kStringSlack);
  char* const out = list.Prepare(raw.size());
  std::size_t size = 0;
  if (UnescapeTo(out, raw, size, repairs)) return size;
  const std::string repaired = MakeUtf8({out, size});
  std::copy(repaired.begin(), repaired.end(), list.Prepare(repaired.size()));
  return repaired.size();
}

std::string_view CutRaw(std::string_view raw, std::size_t max_bytes) {
  if (raw.size() <= max_bytes) return raw;
  raw = raw.substr(0, max_bytes);
  const std::size_t escape = LastEscape(raw);
  if (escape != std::string_view::npos) {
    const std::size_t length = raw.substr(escape + 1, 1) == "u" ? 6 : 2;
    if (escape + length > raw.size()) return raw.substr(0, escape);
  }
  std::size_t lead = raw.size();  // of the last character
  while (lead > 0 && raw.size() - lead < 4) {
    --lead;
    if ((static_cast<unsigned char>(raw[lead]) & 0xC0U) != 0x80) break;
  }
  const bool begins_character = lead < raw.size() && static_cast<unsigned char>(raw[lead]) >= 0xC0;
  return begins_character && Utf8CharacterLength(raw.substr(lead)) == 0 ? raw.substr(0, lead) : raw;
}

}  // namespace brood::report
