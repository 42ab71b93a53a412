#include "store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.hpp"
#include "model/submission.hpp"

namespace brood::store {
namespace {

constexpr std::size_t kMaxEntryIdBytes = 400;

template <class E, std::size_t n>
using Names = std::array<std::pair<E, std::string_view>, n>;

constexpr Names<Origin, 3> kOrigins{
    {{Origin::kRule, "rule"}, {Origin::kApi, "api"}, {Origin::kImport, "import"}}};
constexpr Names<WhitelistKind, 3> kKinds{
    {{WhitelistKind::kSubnet, "subnet"}, {WhitelistKind::kHash, "hash"}, {WhitelistKind::kDomain, "domain"}}};
constexpr Names<Index, 6> kIndices{{{Index::kQueue, "queue"},
                                    {Index::kHashes, "hashes"},
                                    {Index::kCuckoo, "cuckoo"},
                                    {Index::kBlacklist, "blacklist"},
                                    {Index::kWhitelist, "whitelist"},
                                    {Index::kThirdPartyBlacklist, "third_party_blacklist"}}};
constexpr Names<LetterState, 4> kLetterStates{{{LetterState::kDelayed, "delayed"},
                                               {LetterState::kSent, "sent"},
                                               {LetterState::kDead, "dead"},
                                               {LetterState::kDropped, "dropped"}}};

template <class E, std::size_t n>
std::string_view NameIn(const Names<E, n>& names, E value) {
  return names[static_cast<std::size_t>(value)].second;
}

template <class E, std::size_t n>
std::optional<E> ValueIn(const Names<E, n>& names, std::string_view name) {
  const auto row = std::ranges::find(names, name, &std::pair<E, std::string_view>::second);
  if (row == names.end()) return std::nullopt;
  return row->first;
}

}  // namespace

Error ToError(const StoreError& error) {
  const bool goes_away = error.code == Errc::kUnavailable || error.code == Errc::kFull;
  return goes_away ? Transient("the store does not take or give records", error.what)
                   : Permanent("the store refuses a record", error.what);
}

std::string_view Name(Origin origin) { return NameIn(kOrigins, origin); }
std::optional<Origin> OriginFrom(std::string_view name) { return ValueIn(kOrigins, name); }

std::string_view Name(WhitelistKind kind) { return NameIn(kKinds, kind); }
std::optional<WhitelistKind> WhitelistKindFrom(std::string_view name) { return ValueIn(kKinds, name); }

std::string_view Name(LetterState state) { return NameIn(kLetterStates, state); }
std::optional<LetterState> LetterStateFrom(std::string_view name) { return ValueIn(kLetterStates, name); }

model::SubmissionId ImportedClaim(const model::SampleHash& sha256) {
  return model::DeriveSubmissionId("imported:" + sha256.Get());
}

std::string_view Name(Index index) { return NameIn(kIndices, index); }
std::optional<Index> IndexFrom(std::string_view name) { return ValueIn(kIndices, name); }

std::string_view OnlyTypeOf(Index index) {
  if (index == Index::kQueue || index == Index::kHashes) return "item";
  return index == Index::kCuckoo ? "report" : "";
}

std::string EntryId(std::string_view type, std::string_view value) {
  std::string id = fmt::format("{}:{}", type, value);
  return id.size() <= kMaxEntryIdBytes ? id : fmt::format("{}:{}", type, Sha256Hex(value));
}

}  // namespace brood::store
