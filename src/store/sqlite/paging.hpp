#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "store/result.hpp"
#include "store/sqlite/database.hpp"

namespace brood::store::sqlite {

/// Where a listing goes on: behind the row with this time and this row number, which does not change while the
/// row lives. As text "<time>/<row>".
struct Position {
  std::int64_t time = 0, row = 0;
};

[[nodiscard]] std::string ToText(const Position& position);
/// Nothing for an empty text; kInvalid for one that no listing gave out.
[[nodiscard]] Result<std::optional<Position>> PositionFrom(std::string_view text);

/// Conditions joined by AND, with their values, as filters ask for them.
class Conditions {
 public:
  using Value = std::variant<std::int64_t, std::string>;

  void Add(std::string_view sql, std::vector<Value> values);
  /// "<head> WHERE … <tail>" with the values bound, then `limit` as the last parameter.
  [[nodiscard]] db::Statement Prepare(db::Connection& connection, std::string_view head, std::string_view tail,
                                      std::size_t limit) const;

 private:
  std::string sql_;
  std::vector<Value> values_;
};

template <class T>
struct Placed {
  T record;
  Position at;
};

/// Asked for with one row more than fits, to know whether there is a next page.
inline std::size_t RowsFor(const Page& page) { return std::max<std::size_t>(page.size, 1) + 1; }

template <class T>
[[nodiscard]] Listing<T> ToListing(std::vector<Placed<T>> rows, const Page& page) {
  const bool more = rows.size() == RowsFor(page);
  if (more) rows.pop_back();
  Listing<T> listing;
  if (more) listing.next = ToText(rows.back().at);
  for (Placed<T>& row : rows) listing.items.push_back(std::move(row.record));
  return listing;
}

}  // namespace brood::store::sqlite
