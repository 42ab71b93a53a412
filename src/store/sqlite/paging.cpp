#include "store/sqlite/paging.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace brood::store::sqlite {

std::string ToText(const Position& position) { return fmt::format("{}/{}", position.time, position.row); }

Result<std::optional<Position>> PositionFrom(std::string_view text) {
  if (text.empty()) return std::optional<Position>();
  const auto parts = Split(text, '/');
  const auto time = ParseInt(parts[0]);
  const auto row = parts.size() == 2 ? ParseInt(parts[1]) : std::nullopt;
  if (!time || !row) {
    return Unexpected(StoreError{Errc::kInvalid, "no listing gave out this place to go on from"});
  }
  return std::optional(Position{*time, *row});
}

void Conditions::Add(std::string_view sql, std::vector<Value> values) {
  sql_ += fmt::format("{}{}", sql_.empty() ? " WHERE " : " AND ", sql);
  std::ranges::move(values, std::back_inserter(values_));
}

db::Statement Conditions::Prepare(db::Connection& connection, std::string_view head, std::string_view tail,
                                  std::size_t limit) const {
  db::Statement statement = connection.Prepare(fmt::format("{}{} {}", head, sql_, tail));
  int parameter = 0;
  for (const Value& value : values_) {
    std::visit([&](const auto& v) { statement.Bind(++parameter, v); }, value);
  }
  statement.Bind(++parameter, limit);
  return statement;
}

}  // namespace brood::store::sqlite
