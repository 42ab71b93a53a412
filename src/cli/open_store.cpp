#include "cli/open_store.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "cli/reach_engine.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::cli {

std::unique_ptr<store::Store> OpenStore(const Settings& settings, Clock& clock, metrics::Registry& metrics) {
  if (settings.store.kind != store::opensearch::Kind::kSqlite)
    return ReachEngine(settings.store, clock, metrics, {});
  const std::filesystem::path& state = settings.general.state_dir;
  std::error_code error;
  const bool made = std::filesystem::create_directories(state, error);
  if (error)
    throw std::runtime_error(fmt::format("cannot make the folder {}: {}", state.string(), error.message()));
  if (made) std::filesystem::permissions(state, std::filesystem::perms::owner_all, error);
  // As `brood run` makes it: whoever is first decides the size of its pages.
  constexpr std::size_t kReportPage = 16'384;
  return std::make_unique<store::sqlite::SqliteStore>(
      std::make_shared<sqlite::Writer>(state / "brood.db"),
      std::make_shared<sqlite::Writer>(state / "reports.db",
                                       sqlite::WriterSettings{.page_bytes = kReportPage}));
}

}  // namespace brood::cli
