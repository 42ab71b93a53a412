#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/opensearch/engine.hpp"

namespace brood::store::opensearch {

struct Mapping {
  std::string_view index, json;
};

/// The six indices and what is in them (mappings/*.json): the program's only ones.
[[nodiscard]] const std::vector<Mapping>& Mappings();

/// How one of the six stands.
struct IndexStatus {
  std::string name;  ///< with its prefix
  bool exists = false;
  std::string health;  ///< "green", "yellow", "red"
  std::uint64_t documents = 0, bytes = 0;
};

enum class Made { kNow, kBefore };
enum class Gone { kNow, kBefore };

/// The six indices of one installation, and never another one: each is spoken to by its whole name, and one
/// that bears such a name but not brood's mark (`_meta.brood` of its mapping) is somebody else's: an error,
/// kInvalid.
class Indices {
 public:
  explicit Indices(Engine& engine) : engine_(engine) {}

  [[nodiscard]] std::string NameOf(std::string_view index) const {
    return engine_.GetSettings().index_prefix + std::string(index);
  }
  /// One that is there stays as it is, whatever it holds.
  [[nodiscard]] Result<Made> Create(const Mapping& mapping);
  [[nodiscard]] Result<Gone> Delete(const Mapping& mapping);
  [[nodiscard]] Result<IndexStatus> Status(const Mapping& mapping);
  /// All six, where they are not there.
  [[nodiscard]] Result<void> CreateAll();
  /// "OpenSearch 2.19.1"; of an Elasticsearch too.
  [[nodiscard]] Result<std::string> Version();

 private:
  [[nodiscard]] StoreError Explained(StoreError error);
  /// Whether it is there and ours.
  [[nodiscard]] Result<bool> Exists(const std::string& name);

  Engine& engine_;
};

}  // namespace brood::store::opensearch
