#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brood::rules {

/// Python's `fnmatch.fnmatchcase` (which is fnmatch on Linux) as a PCRE2 pattern, to be compiled with UTF and
/// DOTALL:
/// `*`, `?`, `[seq]`, `[!seq]` over the whole string; a backslash is a plain character, an unclosed `[` too,
/// and
/// `[z-a]` matches nothing. Source: CPython 3.11, Lib/fnmatch.py. `pattern` is valid UTF-8.
[[nodiscard]] std::string TranslateFnmatch(std::string_view pattern);

/// The same without atomic groups, for an engine that never goes back.
[[nodiscard]] std::string TranslateFnmatchPlainly(std::string_view pattern);

/// The one text that the pattern matches, if it has no `*`, `?` or set of characters in it.
[[nodiscard]] std::optional<std::string> FnmatchLiteral(std::string_view pattern);

/// True if a `[` in the pattern is taken as a set or as an unclosed one, and so may not mean what its writer
/// meant.
[[nodiscard]] bool HasDoubtfulBracket(std::string_view pattern);

}  // namespace brood::rules
