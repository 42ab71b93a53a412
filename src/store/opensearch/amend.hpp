#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/opensearch/documents.hpp"

namespace brood::store::opensearch {

enum class Verb { kKeep, kPut, kMerge, kRemove };

/// What is to become of a document; `source` of kPut and kMerge.
struct Change {
  Verb verb = Verb::kKeep;
  std::string source;
};

/// One document, and what to do about it given what stands. `decide` is called again with what stands then
/// whenever another writer was first; the last call is the one that counts.
struct Amendment {
  std::string id;
  std::function<Result<Change>(const std::optional<Document>& standing)> decide;
};

enum class Expect {
  kSomething,  ///< what stands is read first
  kNothing,    ///< most are new: `decide` is asked with nothing, and what stands is read only where that fails
};

/// Changes each document on the condition that nobody else did meanwhile. REQUIRES: no id twice. `fields` as in
/// Documents::Get.
[[nodiscard]] Result<void> Amend(Documents& documents, std::vector<Amendment> amendments, Expect expect,
                                 std::string_view fields = {});

}  // namespace brood::store::opensearch
