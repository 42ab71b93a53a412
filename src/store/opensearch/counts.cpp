#include "store/counts.hpp"

#include "base/text.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/raw_json.hpp"

namespace brood::store::opensearch {
namespace {

/// The sum of the feeds' `amount`, which an engine gives as a floating-point number.
Result<std::uint64_t> SumOfFeeds(Documents& feeds, const Query& query) {
  std::string body = query.Conditions();
  body.pop_back();
  body += R"(,"size":0,"aggs":{"entries":{"sum":{"field":"amount"}}}})";
  const auto answer = feeds.Aggregate(body);
  if (!answer) return Unexpected(answer.error());
  const auto sum = ParseDouble(MemberOf(MemberOf(*answer, "entries"), "value"));
  if (!sum || *sum < 0) return Unexpected(StoreError{Errc::kDamaged, "the feeds' entries have no sum"});
  return static_cast<std::uint64_t>(*sum);
}

class EngineCounts final : public Counts {
 public:
  explicit EngineCounts(const SixIndices& indices) : indices_(indices) {}

  Result<std::uint64_t> Of(Index index, std::string_view type) override {
    const std::string_view only = OnlyTypeOf(index);
    if (!only.empty() && !type.empty() && type != only) return std::uint64_t{0};
    Query query;
    if (index == Index::kQueue) query.Is("type", kItem);  // dead letters and effects stand there too
    if (index == Index::kWhitelist) {                     // the generations stand there too
      query.IsOneOf("type",
                    {Name(WhitelistKind::kSubnet), Name(WhitelistKind::kHash), Name(WhitelistKind::kDomain)});
    }
    if (only.empty() && !type.empty()) query.Is("type", type);
    if (index == Index::kThirdPartyBlacklist) return SumOfFeeds(indices_.third_party_blacklist, query);
    return DocumentsOf(index).Count(query.Conditions());
  }

 private:
  Documents& DocumentsOf(Index index) {
    switch (index) {
      case Index::kQueue:
        return indices_.queue;
      case Index::kHashes:
        return indices_.hashes;
      case Index::kCuckoo:
        return indices_.cuckoo;
      case Index::kBlacklist:
        return indices_.blacklist;
      case Index::kWhitelist:
        return indices_.whitelist;
      case Index::kThirdPartyBlacklist:
        break;
    }
    return indices_.third_party_blacklist;
  }

  const SixIndices indices_;
};

}  // namespace

std::unique_ptr<Counts> MakeCounts(const SixIndices& indices) {
  return std::make_unique<EngineCounts>(indices);
}

}  // namespace brood::store::opensearch
