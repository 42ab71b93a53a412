#pragma once

#include <memory>

#include "store/sqlite/database.hpp"
#include "store/store.hpp"

namespace brood::store::sqlite {

// One .cpp each. The database, with its tables made, must outlive the port.

[[nodiscard]] std::unique_ptr<Submissions> MakeSubmissions(Database& records);
[[nodiscard]] std::unique_ptr<Hashes> MakeHashes(Database& records);
[[nodiscard]] std::unique_ptr<Reports> MakeReports(Database& reports);
[[nodiscard]] std::unique_ptr<Blacklist> MakeBlacklist(Database& records);
[[nodiscard]] std::unique_ptr<Lists> MakeLists(Database& records);
[[nodiscard]] std::unique_ptr<DeadLetters> MakeDeadLetters(Database& records);
[[nodiscard]] std::unique_ptr<Effects> MakeEffects(Database& records);
[[nodiscard]] std::unique_ptr<Counts> MakeCounts(Database& records, Database& reports);

}  // namespace brood::store::sqlite
