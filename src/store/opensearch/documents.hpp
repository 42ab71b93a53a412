#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/opensearch/engine.hpp"

namespace brood::store::opensearch {

/// The place of a document's last change: a write on the condition that it still is the last.
struct Place {
  std::int64_t seq_no = 0, primary_term = 0;
};

/// A document as it stands. `source` is what was written, byte by byte where all of it was asked for.
struct Document {
  std::string id, source;
  std::int64_t version = 0;
  Place at;
};

struct Write {
  enum class Kind {
    kPut,     ///< whatever stands there
    kCreate,  ///< only where nothing stands
    kMerge,   ///< the fields of `source` into the document at `at`
    kRemove,
  };
  Kind kind = Kind::kPut;
  std::string id, source;
  std::optional<Place> at;              ///< kPut, kMerge, kRemove: only if this is still the last change
  std::optional<std::int64_t> version;  ///< kPut: only if it is greater than the one that stands
};

enum class Written {
  kDone,
  kConflict,  ///< the condition does not hold
  kMissing,   ///< nothing to remove or to merge into
};

/// One index. `name` with its prefix. Thread-safe.
class Documents {
 public:
  Documents(Engine& engine, std::string name) : engine_(engine), name_(std::move(name)) {}

  [[nodiscard]] const std::string& Name() const { return name_; }
  [[nodiscard]] Engine& GetEngine() { return engine_; }

  /// Current; in the order of `ids`. `fields`: only these of the source; empty: the whole source.
  [[nodiscard]] Result<std::vector<std::optional<Document>>> Get(std::span<const std::string> ids,
                                                                 std::string_view fields = {});
  [[nodiscard]] Result<std::optional<Document>> GetOne(const std::string& id, std::string_view fields = {});

  /// One answer for each, in order; those of one document are done in order. Durable. Each request stays within
  /// max_body; a record larger than that refuses all before anything is written.
  [[nodiscard]] Result<std::vector<Written>> WriteAll(std::span<const Write> writes);

  /// The sources of what is found; `query` is a search's body. May lag by refresh_every; never a part because a
  /// shard is away.
  [[nodiscard]] Result<std::vector<std::string>> Search(const std::string& query);
  /// The raw "aggregations" of an answer.
  [[nodiscard]] Result<std::string> Aggregate(const std::string& query);
  [[nodiscard]] Result<std::uint64_t> Count(const std::string& query);
  /// What was written before is in searches from now on.
  [[nodiscard]] Result<void> Refresh();

 private:
  [[nodiscard]] Result<std::string> AskSearch(const std::string& query);

  Engine& engine_;
  const std::string name_;
};

/// An id that the engine takes: at most 512 bytes, what is longer by its SHA-256.
[[nodiscard]] std::string DocumentId(std::string_view prefix, std::string_view id);

}  // namespace brood::store::opensearch
