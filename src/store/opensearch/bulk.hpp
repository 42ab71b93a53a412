#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/opensearch/documents.hpp"
#include "store/opensearch/refusal_json.hpp"

namespace brood::store::opensearch {

// The format of _bulk: an action a line, behind it the document's line.

void AppendAction(std::string& body, const Write& write);

/// What became of one write: an answer, or why it was refused.
struct BulkItem {
  Written written = Written::kDone;
  std::optional<Refusal> refusal;
};

/// One for each of `count` writes, in order; nothing where the answer is of another shape.
[[nodiscard]] std::optional<std::vector<BulkItem>> ReadBulk(std::string_view answer, std::size_t count);

}  // namespace brood::store::opensearch
