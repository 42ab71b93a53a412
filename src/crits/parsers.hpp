#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "report/reader.hpp"

namespace brood::crits {

/// The original's names: info, signatures, behavior, dropped.
enum class Parser { kInfo, kSignatures, kBehavior, kDropped };
inline constexpr Parser kParsers[] = {Parser::kInfo, Parser::kSignatures, Parser::kBehavior, Parser::kDropped};

[[nodiscard]] std::string_view Name(Parser parser);
[[nodiscard]] std::optional<Parser> ParserFrom(std::string_view name);

/// One result of an analysis, as CRITs shows it.
struct Item {
  std::string subtype;  ///< what table it stands in: info, process, api_call, file, …
  std::string result;   ///< its first column
  std::string data;     ///< the others: the inside of a dictionary, see literal.hpp
  bool operator==(const Item&) const = default;
};
using ItemSink = std::function<void(Item)>;

/// Runs one parser over a report of any dialect: Cuckoo 2.x and CAPE take the names that 1.2 gave. kDropped
/// looks at no report, see DroppedFile. `max_calls` bounds the API calls, whose front the report holds. Pure.
void Parse(Parser parser, const report::ReadResult& read, std::size_t max_calls, const ItemSink& sink);

/// A file that was dropped; `skipped` says why its content is not in CRITs, if it is not.
[[nodiscard]] Item DroppedFile(std::string_view name, std::string_view md5, std::string_view skipped);

}  // namespace brood::crits
