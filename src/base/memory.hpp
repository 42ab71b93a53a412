#pragma once

namespace brood {

/// While one lives, memory that is freed in large pieces goes back to the system at once. Otherwise an
/// allocator keeps it for the next time, which after a single large piece of work may be long to come.
/// Thread-safe.
class FreeAtOnce {
 public:
  FreeAtOnce();
  ~FreeAtOnce();
  FreeAtOnce(const FreeAtOnce&) = delete;
  FreeAtOnce& operator=(const FreeAtOnce&) = delete;
};

/// Hands back the pages of the program and its libraries that the start needed; what is needed again comes
/// back from the system's file cache by itself. For a command whose own work is small beside them.
void LetGoOfProgramPages();

}  // namespace brood
