#include "cli/open_store.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "cli/reach_engine.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::cli {

std::unique_ptr<store::Store> OpenStore(const Settings& settings, Clock& clock, metrics::Registry& metrics) {
  namespace fs = std::filesystem;
  if (settings.store.kind != store::opensearch::Kind::kSqlite)
    return ReachEngine(settings.store, clock, metrics, {});
  const fs::path& state = settings.general.state_dir;
  std::error_code error;
  if (fs::create_directories(state, error)) fs::permissions(state, fs::perms::owner_all, error);
  if (error)
    throw std::runtime_error(fmt::format("cannot make the folder {}: {}", state.string(), error.message()));
  // As the services open them: see plant.cpp.
  return std::make_unique<store::sqlite::SqliteStore>(
      std::make_shared<sqlite::Writer>(state / "brood.db"),
      std::make_shared<sqlite::Writer>(state / "reports.db", sqlite::WriterSettings{.page_bytes = 16'384}));
}

}  // namespace brood::cli
