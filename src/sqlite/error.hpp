#pragma once

#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace brood::sqlite {

enum class Errc {
  kBusy,        ///< somebody outside this program keeps the file locked; try again
  kFull,        ///< no room on the disk (or over a limit set on the file); nothing of it was written
  kReadOnly,    ///< the file or its folder may not be written
  kCorrupt,     ///< no database, or a damaged one
  kConstraint,  ///< a UNIQUE, NOT NULL or CHECK refused it
  kOther,       ///< everything else; `what` says it
};

[[nodiscard]] std::string_view Name(Errc code);

struct SqliteError {
  Errc code = Errc::kOther;
  std::string what;  ///< one sentence; names the file
};

template <class T>
using Result = Expected<T, SqliteError>;

}  // namespace brood::sqlite
