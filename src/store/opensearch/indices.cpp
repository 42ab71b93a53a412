#include "store/opensearch/indices.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/opensearch/raw_json.hpp"

namespace brood::store::opensearch {
namespace {

/// What a write promises rests on `request`: it is on the disk before it is answered.
std::string CreateBody(const Settings& settings, std::string_view mapping) {
  return fmt::format(
      R"({{"settings":{{"number_of_shards":{},"auto_expand_replicas":"0-1","refresh_interval":"{}ms",)"
      R"("translog.durability":"request"}},"mappings":{}}})",
      settings.shards, settings.refresh_every.count(), mapping);
}

std::string Unquoted(std::string_view text) {
  return text.size() < 2 ? std::string() : std::string(text.substr(1, text.size() - 2));
}

/// The engine's own tables give every number as a text.
std::uint64_t NumberIn(std::string_view row, std::string_view key) {
  return static_cast<std::uint64_t>(ParseInt(Unquoted(MemberOf(row, key))).value_or(0));
}

}  // namespace

Result<bool> Indices::Exists(const std::string& name) {
  const auto answer = engine_.Ask(
      {"look for an index", http::Method::kGet, fmt::format("/{}/_mapping", name), {}, Repeat::kHarmless});
  if (!answer) return Unexpected(answer.error());
  if (answer->status == 404) return false;
  const std::string_view mapping = MemberOf(MemberOf(answer->body, name), "mappings");
  if (!MemberOf(MemberOf(mapping, "_meta"), "brood").empty()) return true;
  return Unexpected(StoreError{
      Errc::kInvalid,
      fmt::format("the index {} at {} is none of brood's; with store.index_prefix brood's have other names",
                  name, answer->host)});
}

Result<Made> Indices::Create(const Mapping& mapping) {
  const std::string name = NameOf(mapping.index);
  auto exists = Exists(name);
  if (!exists) return Unexpected(std::move(exists.error()));
  if (*exists) return Made::kBefore;
  const auto made = engine_.Demand({"make an index", http::Method::kPut, "/" + name,
                                    CreateBody(engine_.GetSettings(), mapping.json), Repeat::kOnlyIfNotBegun});
  if (made) return Made::kNow;
  // Another process may have made it at the same moment.
  exists = Exists(name);
  if (exists && *exists) return Made::kBefore;
  return Unexpected(made.error());
}

Result<Gone> Indices::Delete(const Mapping& mapping) {
  const auto exists = Exists(NameOf(mapping.index));
  if (!exists) return Unexpected(exists.error());
  if (!*exists) return Gone::kBefore;
  const auto answer = engine_.Ask(
      {"delete an index", http::Method::kDelete, "/" + NameOf(mapping.index), {}, Repeat::kOnlyIfNotBegun});
  if (!answer) return Unexpected(answer.error());
  return answer->status == 404 ? Gone::kBefore : Gone::kNow;
}

Result<IndexStatus> Indices::Status(const Mapping& mapping) {
  IndexStatus status{NameOf(mapping.index), false, "", 0, 0};
  const auto exists = Exists(status.name);
  if (!exists) return Unexpected(exists.error());
  const auto answer = engine_.Ask(
      {"tell of an index",
       http::Method::kGet,
       fmt::format("/_cat/indices/{}?format=json&bytes=b&h=index,health,docs.count,store.size", status.name),
       {},
       Repeat::kHarmless});
  if (!answer) return Unexpected(answer.error());
  if (answer->status == 404) return status;
  const auto rows = ItemsOf(answer->body);
  if (!rows || rows->size() != 1) {
    return Unexpected(StoreError{
        Errc::kDamaged,
        fmt::format("the search engine at {} tells nothing of the index {}", answer->host, status.name)});
  }
  status.exists = true;
  status.health = Unquoted(MemberOf(rows->front(), "health"));
  status.documents = NumberIn(rows->front(), "docs.count");
  status.bytes = NumberIn(rows->front(), "store.size");
  return status;
}

Result<void> Indices::CreateAll() {
  for (const Mapping& mapping : Mappings()) {
    if (auto made = Create(mapping); !made) return Unexpected(Explained(std::move(made.error())));
  }
  return {};
}

/// What an engine says that is too old for typeless indices would lead nobody to the reason.
StoreError Indices::Explained(StoreError error) {
  constexpr std::int64_t kOldestMajor = 7;
  constexpr std::string_view kElasticsearch = "Elasticsearch ";
  if (error.code != Errc::kInvalid && error.code != Errc::kDamaged) return error;
  const auto version = Version();
  if (!version || !version->starts_with(kElasticsearch)) return error;
  const std::string number = version->substr(kElasticsearch.size());
  const auto major = ParseInt(number.substr(0, number.find('.')));
  if (!major || *major >= kOldestMajor) return error;
  return {
      Errc::kInvalid,
      fmt::format("{} is too old: brood keeps records in OpenSearch, in Elasticsearch 7 or without an engine "
                  "(store.kind). `brood import --from` takes over what this one holds",
                  *version)};
}

Result<std::string> Indices::Version() {
  const auto answer = engine_.Demand({"tell its version", http::Method::kGet, "/", {}, Repeat::kHarmless});
  if (!answer) return Unexpected(answer.error());
  const std::string_view version = MemberOf(answer->body, "version");
  const std::string number = Unquoted(MemberOf(version, "number"));
  if (number.empty()) {
    return Unexpected(
        StoreError{Errc::kUnavailable,
                   fmt::format("what answers at {} is neither OpenSearch nor Elasticsearch", answer->host)});
  }
  const bool open = MemberOf(version, "distribution") == "\"opensearch\"";
  return fmt::format("{} {}", open ? "OpenSearch" : "Elasticsearch", number);
}

}  // namespace brood::store::opensearch
