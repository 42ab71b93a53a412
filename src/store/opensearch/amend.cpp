#include "store/opensearch/amend.hpp"

#include <fmt/format.h>

namespace brood::store::opensearch {
namespace {

/// Far more than there can be writers of one document at once; each round lets one of them through.
constexpr int kMaxRounds = 200;

using Standing = std::vector<std::optional<Document>>;

Result<Standing> Read(Documents& documents, const std::vector<Amendment>& amendments, std::string_view fields) {
  std::vector<std::string> ids;
  for (const Amendment& amendment : amendments) ids.push_back(amendment.id);
  return documents.Get(ids, fields);
}

Write WriteFor(const std::string& id, Change change, const std::optional<Document>& standing) {
  Write write{Write::Kind::kCreate, id, std::move(change.source), std::nullopt, std::nullopt};
  if (change.verb == Verb::kMerge) write.kind = Write::Kind::kMerge;
  if (change.verb == Verb::kRemove) write.kind = Write::Kind::kRemove;
  if (standing) {
    write.at = standing->at;
    if (change.verb == Verb::kPut) write.kind = Write::Kind::kPut;
  }
  return write;
}

/// One round; those amendments that another writer forestalled.
Result<std::vector<Amendment>> Round(Documents& documents, std::vector<Amendment> amendments,
                                     const Standing& standing) {
  std::vector<Write> writes;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < amendments.size(); ++i) {
    auto change = amendments[i].decide(standing[i]);
    if (!change) return Unexpected(std::move(change.error()));
    if (change->verb == Verb::kKeep) continue;
    writes.push_back(WriteFor(amendments[i].id, std::move(*change), standing[i]));
    of.push_back(i);
  }
  std::vector<Amendment> again;
  if (writes.empty()) return again;
  const auto written = documents.WriteAll(writes);
  if (!written) return Unexpected(written.error());
  for (std::size_t n = 0; n < of.size(); ++n) {
    if ((*written)[n] == Written::kDone) continue;
    documents.GetEngine().CountConflict();
    again.push_back(std::move(amendments[of[n]]));
  }
  return again;
}

}  // namespace

Result<void> Amend(Documents& documents, std::vector<Amendment> amendments, Expect expect,
                   std::string_view fields) {
  for (int round = 0; !amendments.empty(); ++round) {
    if (round == kMaxRounds) {
      return Unexpected(StoreError{Errc::kUnavailable, fmt::format("too many write the record {} of {} at once",
                                                                   amendments.front().id, documents.Name())});
    }
    Standing standing(amendments.size());
    if (round > 0 || expect == Expect::kSomething) {
      auto read = Read(documents, amendments, fields);
      if (!read) return Unexpected(std::move(read.error()));
      standing = std::move(*read);
    }
    auto again = Round(documents, std::move(amendments), standing);
    if (!again) return Unexpected(std::move(again.error()));
    amendments = std::move(*again);
  }
  return {};
}

}  // namespace brood::store::opensearch
