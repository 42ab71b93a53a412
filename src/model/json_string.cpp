#include "model/json_string.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include "base/utf8.hpp"
#include "model/json_lanes.hpp"

namespace brood::model {
namespace {

/// For each character the letter of its escape, 'u' where it has none of its own; 0 where it needs no escape.
constexpr auto kEscapes = [] {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b', escapes['\f'] = 'f', escapes['\n'] = 'n', escapes['\r'] = 'r', escapes['\t'] = 't';
  escapes['"'] = '"', escapes['\\'] = '\\';
  return escapes;
}();

/// For the letter of an escape what it means; 0 where it means nothing by itself.
constexpr auto kMeanings = [] {
  std::array<char, 256> meanings{};
  for (std::size_t c = 0; c < 256; ++c) {
    if (kEscapes[c] != 0 && kEscapes[c] != 'u')
      meanings[static_cast<unsigned char>(kEscapes[c])] = static_cast<char>(c);
  }
  meanings['/'] = '/';
  return meanings;
}();

char At(const std::array<char, 256>& table, char c) { return table[static_cast<unsigned char>(c)]; }

/// The index of the mask's first bit; a whole lane if it has none.
std::size_t First(std::uint32_t mask) {
  return static_cast<std::size_t>(std::countr_zero(mask | 1U << kLaneBytes));
}

char* WriteEscape(char c, char* out) {
  *out++ = '\\';
  *out++ = At(kEscapes, c);
  if (out[-1] != 'u') return out;
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::copy_n(std::array{'0', '0', kDigits[byte >> 4U], kDigits[byte & 15U]}.data(), 4, out);
}

/// Goes on behind those first bytes of a lane, stored already, that stand for themselves. True if another
/// follows.
bool Pass(std::size_t plain, const char*& in, const char* end, char*& out) {
  plain = std::min(plain, static_cast<std::size_t>(end - in));
  in += plain;
  out += plain;
  return plain < kLaneBytes && in < end;
}

std::optional<std::uint32_t> HexUnit(std::string_view raw, std::size_t at) {
  if (at + 4 > raw.size()) return std::nullopt;
  std::uint32_t unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = raw[i];
    const char lower = static_cast<char>(c | 0x20);
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9')
      digit = static_cast<std::uint32_t>(c - '0');
    else if (lower >= 'a' && lower <= 'f')
      digit = static_cast<std::uint32_t>(lower - 'a' + 10);
    else
      return std::nullopt;
    unit = unit << 4U | digit;
  }
  return unit;
}

bool IsHigh(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLow(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

char* WriteUtf8(std::uint32_t code_point, char* out) {
  std::string character;
  AppendUtf8(character, code_point);
  return std::copy(character.begin(), character.end(), out);
}

/// Writes what the \u escape at the front of `raw` means; gives its length.
std::size_t UnicodeEscape(std::string_view raw, char*& out, Repairs& repairs) {
  const auto unit = HexUnit(raw, 2);
  if (!unit) {
    ++repairs.bad_escapes;
    out = std::copy_n(raw.data(), 2, out);
    return 2;
  }
  if (IsHigh(*unit) && raw.substr(6, 2) == "\\u") {
    const auto low = HexUnit(raw, 8);
    if (low && IsLow(*low)) {
      out = WriteUtf8(0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00), out);
      return 12;
    }
  }
  if (IsHigh(*unit) || IsLow(*unit)) ++repairs.surrogates;
  out = WriteUtf8(*unit, out);
  return 6;
}

/// Writes what the escape at `in` means and goes on behind it.
inline void PassEscape(const char*& in, const char* end, char*& out, Repairs& repairs) {
  const std::string_view raw(in, static_cast<std::size_t>(end - in));
  if (raw.size() > 1) {
    if (const char meaning = At(kMeanings, raw[1]); meaning != '\0') {
      *out++ = meaning;
      in += 2;
      return;
    }
    if (raw[1] == 'u') {
      in += UnicodeEscape(raw, out, repairs);
      return;
    }
  }
  ++repairs.bad_escapes;
  *out++ = *in++;
}

/// Goes on reading a text at its first backslash. `out` stands in `buffer`, which grows as need be.
StrictText ReadEscaped(const char* in, const char* end, std::string& buffer, std::size_t used) {
  constexpr std::size_t kStep = 2 * kLaneBytes;  // at most this is written at a time
  Repairs repairs;
  while (in < end) {
    if (buffer.size() - used < kStep) buffer.resize(2 * buffer.size() + kStep);
    char* out = buffer.data() + used;
    const Lane lane = LaneAt(in, end);
    lane.Store(out);
    const bool special = Pass(First(lane.Escapable()), in, end, out);
    if (special && *in == '"') {
      const std::string_view text(buffer.data(), static_cast<std::size_t>(out - buffer.data()));
      if (repairs.bad_escapes > 0) return {text, in, "an escape that JSON does not know"};
      if (repairs.surrogates > 0) return {text, in, "half a surrogate pair"};
      return {text, in, {}};
    }
    if (special && *in != '\\') return {{}, in, "a control character in a text"};
    if (special) PassEscape(in, end, out, repairs);
    used = static_cast<std::size_t>(out - buffer.data());
  }
  return {{}, end, "a text that does not end"};
}

}  // namespace

StrictText ReadText(const char* begin, const char* end, std::string& buffer) {
  const std::string_view rest(begin, static_cast<std::size_t>(end - begin));
  const std::size_t plain = FindEscapable(rest);
  const char* const at = begin + plain;
  if (at == end) return {{}, end, "a text that does not end"};
  if (*at == '"') return {rest.substr(0, plain), at, {}};
  if (*at != '\\') return {{}, at, "a control character in a text"};
  if (buffer.size() < plain) buffer.resize(2 * plain);
  std::copy(begin, at, buffer.data());
  return ReadEscaped(at, end, buffer, plain);
}

char* Escape(std::string_view text, char* out) {
  const char* in = text.data();
  const char* const end = in + text.size();
  while (in < end) {
    const Lane lane = LaneAt(in, end);
    lane.Store(out);
    if (Pass(First(lane.Escapable()), in, end, out)) out = WriteEscape(*in++, out);
  }
  return out;
}

char* Unescape(std::string_view raw, char* out, Repairs& repairs) {
  const char* in = raw.data();
  const char* const end = in + raw.size();
  std::uint32_t not_ascii = 0;
  while (in < end) {
    const Lane lane = LaneAt(in, end);
    lane.Store(out);
    not_ascii |= lane.NotAscii();
    if (Pass(First(lane.Equal('\\')), in, end, out)) PassEscape(in, end, out, repairs);
  }
  repairs.not_ascii = repairs.not_ascii || not_ascii != 0;
  return out;
}

std::size_t EscapedSize(std::string_view text) {
  std::size_t size = text.size();
  const char* const end = text.data() + text.size();
  for (const char* at = text.data() + FindEscapable(text); at != end;
       at += FindEscapable({at, static_cast<std::size_t>(end - at)}))
    size += At(kEscapes, *at++) == 'u' ? 5 : 1;
  return size;
}

std::size_t FindEscapable(std::string_view text) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end; at += std::min<std::ptrdiff_t>(kLaneBytes, end - at)) {
    const std::size_t found = First(LaneAt(at, end).Escapable());
    if (found < kLaneBytes) return std::min(text.size(), static_cast<std::size_t>(at - text.data()) + found);
  }
  return text.size();
}

}  // namespace brood::model
