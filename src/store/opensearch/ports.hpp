#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/opensearch/documents.hpp"
#include "store/store.hpp"

namespace brood::store::opensearch {

// One .cpp each. The index must outlive the port. `queue` holds three types of documents: the submissions
// (`item`), the dead letters (`letter`) and the effects (`effect`); `whitelist` the generations of the lists
// and of the blacklist too.

[[nodiscard]] std::unique_ptr<Submissions> MakeSubmissions(Documents& queue);
[[nodiscard]] std::unique_ptr<Hashes> MakeHashes(Documents& hashes);
[[nodiscard]] std::unique_ptr<Reports> MakeReports(Documents& cuckoo);
[[nodiscard]] std::unique_ptr<Blacklist> MakeBlacklist(Documents& blacklist, Documents& whitelist);
[[nodiscard]] std::unique_ptr<Lists> MakeLists(Documents& whitelist, Documents& third_party_blacklist);
[[nodiscard]] std::unique_ptr<DeadLetters> MakeDeadLetters(Documents& queue);
[[nodiscard]] std::unique_ptr<Effects> MakeEffects(Documents& queue);

/// The indices by their names.
struct SixIndices {
  Documents &queue, &hashes, &cuckoo, &blacklist, &whitelist, &third_party_blacklist;
};
[[nodiscard]] std::unique_ptr<Counts> MakeCounts(const SixIndices& indices);

inline constexpr std::string_view kItem = "item", kLetter = "letter", kEffect = "effect";
inline constexpr std::string_view kLetterPrefix = "letter:", kEffectPrefix = "effect:";

}  // namespace brood::store::opensearch
