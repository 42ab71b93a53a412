#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brood::config {

/// Text from where there are no types (environment, command line, INI): a row reads it in its own way.
struct FreeText {
  std::string text;
};
/// A table's heading; its keys follow as assignments of their own.
struct TableMark {};
/// Something no row takes (a date, a mixed array), by the name a problem gives it.
struct Foreign {
  std::string kind;
};

/// What a source says for one key.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, FreeText,
                           TableMark, Foreign>;

/// "a text", "a whole number", "a table", …
[[nodiscard]] std::string KindOf(const Value& value);
/// The value as TOML would write it, shortened: for problems. Not for secrets.
[[nodiscard]] std::string Quoted(const Value& value);
/// The value as TOML writes it, in full, secrets and all; empty for what no row takes.
[[nodiscard]] std::string TomlLiteral(const Value& value);
/// `text` as a TOML basic string, with its quotes; control characters are escaped.
[[nodiscard]] std::string TomlString(std::string_view text);

}  // namespace brood::config
