#pragma once

#include <string>
#include <vector>

#include "sqlite/writer.hpp"

namespace brood::sqlite {

/// The tables of one component (broker, store) in a shared file. Step i, any number of SQL statements, leads
/// from version i to i + 1; a step that was released is never changed, only followed by another.
struct Schema {
  std::string component;
  std::vector<std::string> steps;
};

/// Brings the component's tables to the newest version, all steps or none. The version stands in
/// schema_version(component, version). Throws std::runtime_error naming file, component and versions when the
/// file is from a newer program or a step fails. Writes nothing when the version is right.
void Migrate(Writer& writer, const Schema& schema);

}  // namespace brood::sqlite
