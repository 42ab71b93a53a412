#include "sqlite/migrate.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace brood::sqlite {
namespace {

constexpr auto kTable =
    "CREATE TABLE IF NOT EXISTS schema_version(component TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, "
    "WITHOUT ROWID";

Result<std::size_t> VersionOf(Connection& connection, const std::string& component) {
  auto version = connection.Prepare("SELECT version FROM schema_version WHERE component = ?");
  version.Bind(1, component);
  const auto row = version.Step();
  if (!row) return Unexpected(row.error());
  return *row ? static_cast<std::size_t>(version.Int(0)) : 0;
}

Result<void> RunSteps(Connection& connection, const Schema& schema, std::size_t from) {
  for (std::size_t i = from; i < schema.steps.size(); ++i) {
    if (auto run = connection.Execute(schema.steps[i]); !run) return run;
  }
  return connection.Prepare("INSERT OR REPLACE INTO schema_version(component, version) VALUES(?, ?)")
      .Bind(1, schema.component)
      .Bind(2, schema.steps.size())
      .Run();
}

Result<void> BringUpToDate(Connection& connection, const Schema& schema) {
  const auto known = connection.QueryInt("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'");
  if (!known) return Unexpected(known.error());
  if (*known == 0) {
    if (auto made = connection.Execute(kTable); !made) return made;
  }
  const auto version = VersionOf(connection, schema.component);
  if (!version) return Unexpected(version.error());
  if (*version > schema.steps.size()) {
    return Unexpected(
        SqliteError{Errc::kOther,
                    fmt::format("{} has version {} of the tables of {}, this program knows up to {}: it was "
                                "written by a newer program",
                                connection.File().string(), *version, schema.component, schema.steps.size())});
  }
  if (*version == schema.steps.size()) return {};
  return RunSteps(connection, schema, *version);
}

}  // namespace

void Migrate(Writer& writer, const Schema& schema) {
  const auto done = writer.Write([&](Connection& connection) { return BringUpToDate(connection, schema); });
  if (!done) {
    throw std::runtime_error(
        fmt::format("cannot prepare the tables of {}: {}", schema.component, done.error().what));
  }
}

}  // namespace brood::sqlite
