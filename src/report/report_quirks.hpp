#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace brood::report {

/// What sandboxes write although JSON does not know it, and valid JSON that means the same to the reader. In an
/// invented report each stands as one byte that valid JSON cannot hold.
struct Quirk {
  char mark;
  std::string_view written, means;
};

/// Values: the first where a text or a number is due, the second where anything is taken as text.
inline constexpr char kNoValue = '\x02', kAnyValue = '\x03';

inline constexpr auto kQuirks = std::to_array<Quirk>({
    {kNoValue, "NaN", "[]"},
    {kAnyValue, "-Infinity", R"("-Infinity")"},
    {'\x04', R"(\ud83d)", R"(\ufffd)"},  // the first half of a pair
    {'\x05', R"(\uDE00)", R"(\ufffd)"},  // the second
    {'\x06', "\x80", R"(\ufffd)"},       // a byte that is no character
    {'\x07', "\xC3", R"(\ufffd)"},       // one that begins a character, which does not follow
    {'\x0E', R"(\q)", R"(\\q)"},         // an escape that there is not
    {'\x0F', "\x1F", R"(\u001f)"},       // a control character as it is
});

/// A report with quirks, and a plain one that reads the same.
struct Twins {
  std::string quirky, plain;
};
[[nodiscard]] Twins TwinsOf(std::string_view marked);

}  // namespace brood::report
