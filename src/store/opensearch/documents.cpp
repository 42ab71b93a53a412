#include "store/opensearch/documents.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/json_text.hpp"
#include "store/opensearch/bulk.hpp"
#include "store/opensearch/raw_json.hpp"

namespace brood::store::opensearch {
namespace {

constexpr std::size_t kMaxIdBytes = 512;

StoreError OtherShape(const Answer& answer, std::string_view index, std::string_view what) {
  return {Errc::kDamaged, fmt::format("the answer of the search engine at {} about the index {} has {}",
                                      answer.host, index, what)};
}

std::string GetBody(std::span<const std::string> ids, std::string_view fields) {
  std::string body = R"({"docs":[)";
  for (const std::string& id : ids) {
    if (body.back() == '}') body += ',';
    body += R"({"_id":)";
    model::AppendJson(body, std::string_view(id));
    if (!fields.empty()) body += fmt::format(R"(,"_source":[{}])", fields);
    body += '}';
  }
  return body + "]}";
}

Document ReadDocument(const std::string& id, const Members& members) {
  Document document{id, {}, 0, {}};
  for (const auto& [name, value] : members) {
    if (name == "_source") document.source = value;
    if (name == "_version") document.version = ParseInt(value).value_or(0);
    if (name == "_seq_no") document.at.seq_no = ParseInt(value).value_or(0);
    if (name == "_primary_term") document.at.primary_term = ParseInt(value).value_or(0);
  }
  return document;
}

/// A few writes that travel in one request, and how often the engine had no room for them.
struct Batch {
  std::vector<std::size_t> writes;  ///< positions
  int tries = 0;
};

/// An action's line at its longest: an id of 512 bytes, each of them escaped.
constexpr std::size_t kActionBytes = 4'096;

std::size_t SizeOf(const Write& write) {
  constexpr std::size_t kEscaped = 6, kAround = 160;  // "\\u0000"; the rest of the action's line
  return write.source.size() + kEscaped * write.id.size() + kAround;
}

/// The writes' positions in requests of at most `bytes`; one that is larger stands alone.
std::vector<Batch> Gather(std::span<const Write> writes, std::size_t bytes) {
  std::vector<Batch> batches;
  std::size_t gathered = 0;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const std::size_t size = SizeOf(writes[i]);
    if (batches.empty() || gathered + size > bytes) {
      batches.emplace_back();
      gathered = 0;
    }
    batches.back().writes.push_back(i);
    gathered += size;
  }
  return batches;
}

/// Writes one batch after another; what is rejected for want of room is tried again.
class BulkRun {
 public:
  BulkRun(Engine& engine, const std::string& index, std::span<const Write> writes)
      : engine_(engine), index_(index), writes_(writes), answers_(writes.size(), Written::kDone) {}

  Result<std::vector<Written>> Run() {
    const Settings& settings = engine_.GetSettings();
    for (Batch& batch : Gather(writes_, std::min(settings.bulk_bytes, settings.max_body))) {
      while (!batch.writes.empty()) {
        if (auto sent = Send(batch); !sent) return Unexpected(std::move(sent.error()));
      }
    }
    return std::move(answers_);
  }

 private:
  /// What is left in the batch is to be tried again.
  Result<void> Send(Batch& batch) {
    Call call{"write records", http::Method::kPost, "/" + index_ + "/_bulk", {}, Repeat::kOnlyIfNotBegun};
    for (const std::size_t i : batch.writes) AppendAction(call.body, writes_[i]);
    const auto answer = engine_.Demand(call);
    if (!answer) return Unexpected(answer.error());
    const auto items = ReadBulk(answer->body, batch.writes.size());
    if (!items) return Unexpected(OtherShape(*answer, index_, "not an item for each record"));
    return Sort(batch, *items, answer->host);
  }

  Result<void> Sort(Batch& batch, const std::vector<BulkItem>& items, const std::string& host) {
    std::vector<std::size_t> again;
    std::optional<Refusal> refusal, rejection;
    for (std::size_t n = 0; n < items.size(); ++n) {
      const BulkItem& item = items[n];
      answers_[batch.writes[n]] = item.written;
      if (!item.refusal) continue;
      if (IsRejected(*item.refusal)) {
        again.push_back(batch.writes[n]);
        rejection = item.refusal;
      } else {
        refusal = item.refusal;
      }
    }
    if (refusal) return Unexpected(ToStoreError(*refusal, host, "write a record into " + index_));
    if (rejection && !engine_.WaitForRoom(++batch.tries)) {
      return Unexpected(ToStoreError(*rejection, host, "write a record into " + index_));
    }
    batch.writes = std::move(again);
    return {};
  }

  Engine& engine_;
  const std::string& index_;
  const std::span<const Write> writes_;
  std::vector<Written> answers_;
};

}  // namespace

std::string DocumentId(std::string_view prefix, std::string_view id) {
  if (prefix.size() + id.size() <= kMaxIdBytes) return fmt::format("{}{}", prefix, id);
  return fmt::format("{}sha256:{}", prefix, Sha256Hex(id));
}

Result<std::vector<std::optional<Document>>> Documents::Get(std::span<const std::string> ids,
                                                            std::string_view fields) {
  using Found = std::vector<std::optional<Document>>;
  if (ids.empty()) return Found();
  const auto answer = engine_.Demand(
      {"read records", http::Method::kPost, "/" + name_ + "/_mget", GetBody(ids, fields), Repeat::kHarmless});
  if (!answer) return Unexpected(answer.error());
  const auto docs = ItemsOf(MemberOf(answer->body, "docs"));
  if (!docs || docs->size() != ids.size()) {
    return Unexpected(OtherShape(*answer, name_, "not a document for each id"));
  }
  Found found;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto members = MembersOf((*docs)[i]);
    if (!members) return Unexpected(OtherShape(*answer, name_, "a document that is none"));
    if (const auto error = MemberOf((*docs)[i], "error"); !error.empty()) {
      return Unexpected(ToStoreError(ReadRefusal(503, error), answer->host, "read a record of " + name_));
    }
    found.emplace_back();
    if (MemberOf((*docs)[i], "found") == "true") found.back() = ReadDocument(ids[i], *members);
  }
  return found;
}

Result<std::optional<Document>> Documents::GetOne(const std::string& id, std::string_view fields) {
  return Get(std::span(&id, 1), fields).map([](auto&& found) { return std::move(found.front()); });
}

Result<std::vector<Written>> Documents::WriteAll(std::span<const Write> writes) {
  const std::size_t most = engine_.GetSettings().max_body - kActionBytes;
  for (const Write& write : writes) {
    if (write.source.size() <= most) continue;
    return Unexpected(StoreError{
        Errc::kInvalid,
        fmt::format("the record {} for the index {} has {}, store.max_body is {}", Shorten(write.id, 80), name_,
                    HumanBytes(write.source.size()), HumanBytes(engine_.GetSettings().max_body))});
  }
  return BulkRun(engine_, name_, writes).Run();
}

Result<std::string> Documents::AskSearch(const std::string& query) {
  auto answer =
      engine_.Demand({"search", http::Method::kPost,
                      "/" + name_ + "/_search?allow_partial_search_results=false", query, Repeat::kHarmless});
  if (!answer) return Unexpected(std::move(answer.error()));
  if (MemberOf(answer->body, "timed_out") == "false") return std::move(answer->body);
  return Unexpected(
      StoreError{Errc::kUnavailable,
                 fmt::format("the search engine at {} did not end a search of {}", answer->host, name_)});
}

Result<std::vector<std::string>> Documents::Search(const std::string& query) {
  return AskSearch(query).and_then([&](const std::string& body) -> Result<std::vector<std::string>> {
    const auto items = ItemsOf(MemberOf(MemberOf(body, "hits"), "hits"));
    if (!items) return Unexpected(StoreError{Errc::kDamaged, "a search of " + name_ + " has no hits"});
    std::vector<std::string> sources;
    for (const std::string_view item : *items) sources.emplace_back(MemberOf(item, "_source"));
    return sources;
  });
}

Result<std::string> Documents::Aggregate(const std::string& query) {
  return AskSearch(query).map(
      [](const std::string& body) { return std::string(MemberOf(body, "aggregations")); });
}

Result<std::uint64_t> Documents::Count(const std::string& query) {
  const auto answer =
      engine_.Demand({"count records", http::Method::kPost, "/" + name_ + "/_count", query, Repeat::kHarmless});
  if (!answer) return Unexpected(answer.error());
  const auto count = ParseInt(MemberOf(answer->body, "count"));
  if (!count || *count < 0) return Unexpected(OtherShape(*answer, name_, "no count"));
  return static_cast<std::uint64_t>(*count);
}

Result<void> Documents::Refresh() {
  return engine_
      .Demand({"refresh an index", http::Method::kPost, "/" + name_ + "/_refresh", {}, Repeat::kHarmless})
      .map([](const Answer&) {});
}

}  // namespace brood::store::opensearch
