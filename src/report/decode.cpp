#include "report/decode.hpp"

#include <optional>

#include "base/utf8.hpp"

namespace brood::report {
namespace {

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

char SimpleEscape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

/// Where the last escape begins: a backslash that is not itself escaped.
std::size_t LastEscape(std::string_view raw) {
  const std::size_t last = raw.rfind('\\');
  if (last == std::string_view::npos) return last;
  std::size_t first = last;
  while (first > 0 && raw[first - 1] == '\\') --first;
  return (last - first) % 2 == 0 ? last : last - 1;
}

/// Appends what the \u escape at `at` (its first hex digit) means; returns where the text goes on.
std::size_t UnicodeEscape(std::string_view raw, std::size_t at, std::string& out, Repairs& repairs) {
  const auto unit = HexUnit(raw, at);
  if (!unit) {
    ++repairs.bad_escapes;
    out += "\\u";
    return at;
  }
  if (IsHigh(*unit) && raw.substr(at + 4, 2) == "\\u") {
    const auto low = HexUnit(raw, at + 6);
    if (low && IsLow(*low)) {
      AppendUtf8(out, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
      return at + 10;
    }
  }
  if (IsHigh(*unit) || IsLow(*unit)) ++repairs.surrogates;
  AppendUtf8(out, *unit);
  return at + 4;
}

/// Appends what the escape at `at` (the backslash) means; returns where the text goes on.
std::size_t Escape(std::string_view raw, std::size_t at, std::string& out, Repairs& repairs) {
  if (at + 1 < raw.size()) {
    const char c = raw[at + 1];
    if (c == 'u') return UnicodeEscape(raw, at + 2, out, repairs);
    if (const char simple = SimpleEscape(c); simple != 0) {
      out += simple;
      return at + 2;
    }
  }
  ++repairs.bad_escapes;
  out += '\\';
  return at + 1;
}

}  // namespace

std::string Decode(std::string_view raw, Repairs& repairs) {
  std::string out;
  out.reserve(raw.size());
  std::size_t at = 0;
  while (at < raw.size()) {
    const std::size_t next = raw.find('\\', at);
    out.append(raw.substr(at, next - at));
    if (next == std::string_view::npos) break;
    at = Escape(raw, next, out, repairs);
  }
  if (!IsUtf8(out)) {
    repairs.bad_utf8 = true;
    return MakeUtf8(out);
  }
  return out;
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
