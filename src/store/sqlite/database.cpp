#include "store/sqlite/database.hpp"

#include <fmt/format.h>

namespace brood::store::sqlite {

StoreError ToStoreError(const db::SqliteError& error) {
  switch (error.code) {
    case db::Errc::kFull:
      return {Errc::kFull, fmt::format("no room for records, it goes on when there is: {}", error.what)};
    case db::Errc::kReadOnly:
      return {Errc::kUnavailable, fmt::format("records may not be written: {}", error.what)};
    case db::Errc::kCorrupt:
    case db::Errc::kConstraint:
      return {Errc::kDamaged, error.what};
    case db::Errc::kBusy:
    case db::Errc::kOther:
      break;
  }
  return {Errc::kUnavailable, error.what};
}

db::SqliteError DamagedRow(std::string_view table, std::string_view id, std::string_view what) {
  return {db::Errc::kCorrupt, fmt::format("the row {} of the table {} is damaged: {}", id, table, what)};
}

}  // namespace brood::store::sqlite
