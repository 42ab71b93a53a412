#include "transfer/document.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "api/canonical.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/verdict_json.hpp"
#include "store/limits.hpp"
#include "transfer/times.hpp"

namespace brood::transfer {
namespace {

namespace json = boost::json;
using Answer = Expected<Record, std::string>;

constexpr double kMostCounted = 9e15;

/// What a document says, whoever wrote it.
struct Parts {
  std::string index, type, id;
  const json::object& source;
};

const json::value* Field(const json::object& source, std::string_view key) {
  const json::value* value = source.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string Text(const json::object& source, std::string_view key) {
  const json::value* value = Field(source, key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

/// A number, or a text that is one: Elasticsearch takes both.
std::optional<double> Number(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (value.is_string()) return ParseDouble(value.get_string());
  return std::nullopt;
}

/// 1970 where there is none.
std::optional<Time> Date(const json::object& source, std::string_view key) {
  const json::value* value = Field(source, key);
  if (value == nullptr) return Time{};
  if (value->is_string()) return TimeFrom(value->get_string());
  const auto millis = Number(*value);
  if (!millis || !std::isfinite(*millis) || std::abs(*millis) > kMostCounted) return std::nullopt;
  return FromMillis(static_cast<std::int64_t>(*millis));
}

Answer ReadHash(const Parts& parts) {
  const std::string sha256 = LowerAscii(parts.id);
  if (!IsHex(sha256, 64)) return Unexpected(std::string("its _id is no SHA-256"));
  store::HashRecord record{model::SampleHash(sha256), {}, {}, 1};
  const bool given_back = parts.source.contains("claimed") && parts.source.at("claimed") == json::value(false);
  const bool ours_and_free = parts.source.contains("submission") && Text(parts.source, "submission").empty();
  if (!given_back && !ours_and_free) record.submission = store::ImportedClaim(record.sha256);
  const auto seen = Date(parts.source, "timestamp");
  if (!seen) return Unexpected(std::string("its timestamp is no date"));
  record.first_seen = *seen;
  const json::value* counter = Field(parts.source, "counter");
  if (counter == nullptr) counter = Field(parts.source, "count");
  const auto count = counter == nullptr ? std::optional(1.0) : Number(*counter);
  if (!count || !(*count >= 0) || *count > kMostCounted) {
    return Unexpected(std::string("its counter is no number of sightings"));
  }
  record.counter = static_cast<std::uint64_t>(*count);
  return record;
}

/// The data that one reason of the original is about: a text, a number or a list of them.
std::vector<std::string> DataOf(const json::value& data) {
  std::vector<std::string> texts;
  if (data.is_array()) {
    for (const json::value& one : data.get_array()) {
      for (std::string& text : DataOf(one)) texts.push_back(std::move(text));
    }
  } else {
    texts.push_back(data.is_string() ? std::string(data.get_string()) : json::serialize(data));
  }
  return texts;
}

std::string Reasons(const json::object& source) {
  const json::value* reason = Field(source, "reason");
  if (reason == nullptr) return "[]";
  if (reason->is_string()) {  // brood keeps the list as a text
    const std::string text(reason->get_string());
    return model::ReasonsFromJson(text) ? text : model::ReasonsToJson({{"imported", text, ""}});
  }
  std::vector<model::Reason> reasons;
  const json::array alone{*reason};
  for (const json::value& one : reason->is_array() ? reason->get_array() : alone) {
    const json::object* object = one.if_object();
    std::string key = object == nullptr ? "" : Text(*object, "reason");
    if (key.empty()) key = "imported";
    const json::value* data = object == nullptr ? &one : Field(*object, "data");
    if (data == nullptr) {
      reasons.push_back({key, "", ""});
      continue;
    }
    for (std::string& text : DataOf(*data)) reasons.push_back({key, std::move(text), ""});
  }
  return model::ReasonsToJson(reasons);
}

Answer ReadBlacklist(const Parts& parts) {
  store::BlacklistEntry entry;
  entry.type = parts.type;
  auto value = api::BlacklistKey(parts.type, parts.id);
  if (!value) return Unexpected(std::move(value.error().sentence));
  entry.value = std::move(*value);
  entry.sha256 = LowerAscii(Text(parts.source, "sha256"));
  const auto changed = Date(parts.source, "last_change");
  if (!changed) return Unexpected(std::string("its last_change is no date"));
  entry.last_change = *changed;
  entry.reasons = Reasons(parts.source);
  const json::value* score = Field(parts.source, "score");
  const auto number = score == nullptr ? std::optional(0.0) : Number(*score);
  if (!number || !std::isfinite(*number)) return Unexpected(std::string("its score is no number"));
  entry.score = *number;
  // Only brood says where an entry came from.
  entry.origin = store::OriginFrom(Text(parts.source, "origin")).value_or(store::Origin::kImport);
  if (auto fine = store::Check(entry); !fine) return Unexpected(std::move(fine.error().what));
  return entry;
}

Answer ReadWhitelist(const Parts& parts) {
  const auto kind = store::WhitelistKindFrom(parts.type).value_or(store::WhitelistKind::kSubnet);
  auto value = api::CanonicalWhitelistValue(kind, parts.id);
  if (!value) return Unexpected(std::move(value.error().sentence));
  return store::WhitelistEntry{kind, std::move(*value), Text(parts.source, "owner")};
}

Answer ReadFeed(const Parts& parts) {
  if (parts.type.empty()) return Unexpected(std::string("it has no category (_type)"));
  store::Lists::Feed feed{parts.type, Text(parts.source, "location"), {}};
  if (feed.source.empty()) feed.source = "import";
  const std::string lines = Text(parts.source, "entries");
  if (lines.empty()) {
    feed.entries.push_back(parts.id);
  } else {
    for (const std::string_view entry : Split(lines, '\n')) feed.entries.emplace_back(entry);
  }
  for (const std::string& entry : feed.entries) {
    const auto net = api::CanonicalWhitelistValue(store::WhitelistKind::kSubnet, entry);
    if (!net) return Unexpected(fmt::format("'{}' is no address or subnet", Shorten(entry, 60)));
  }
  if (auto fine = store::CheckFeed(feed.category, feed.entries, feed.source); !fine)
    return Unexpected(std::move(fine.error().what));
  return feed;
}

/// "99d4…" of brood's "hash:99d4…": the value is in the field `value`, or behind the type.
std::string ValueOf(const std::string& id, const std::string& type, const json::object& source) {
  if (std::string value = Text(source, "value"); !value.empty()) return value;
  return id.starts_with(type + ":") ? id.substr(type.size() + 1) : id;
}

/// Under the sample's SHA-256; brood's own queue has other things in it.
Answer ReadQueue(const Parts& parts) {
  if (!IsHex(parts.id, 64) || !parts.source.contains("task_id")) return Other{parts.index};
  return Waiting{model::SampleHash(parts.id)};
}

Answer ReadParts(Parts parts) {
  if (parts.index == "hashes") return ReadHash(parts);
  if (parts.index == "queue") return ReadQueue(parts);
  if (parts.index != "blacklist" && parts.index != "whitelist" && parts.index != "third_party_blacklist")
    return Other{parts.index};
  if (parts.type == "generation") return Other{parts.index};  // brood's own bookkeeping
  parts.id = ValueOf(parts.id, parts.type, parts.source);
  if (parts.index == "blacklist") return ReadBlacklist(parts);
  return parts.index == "whitelist" ? ReadWhitelist(parts) : ReadFeed(parts);
}

}  // namespace

Expected<Record, std::string> RecordFrom(const json::object& document, std::string_view prefix) {
  std::string index = Text(document, "_index"), type = Text(document, "_type");
  if (index.empty()) return Unexpected(std::string("it has no _index"));
  const json::value* source = Field(document, "_source");
  if (source == nullptr || !source->is_object()) return Unexpected(std::string("it has no _source"));
  if (!index.starts_with(prefix)) return Other{index};
  index.erase(0, prefix.size());
  if (type.empty() || type == "_doc") type = Text(source->get_object(), "type");
  std::string id = Text(document, "_id");
  if (id.empty()) return Unexpected(std::string("it has no _id"));
  return ReadParts({std::move(index), std::move(type), std::move(id), source->get_object()});
}

}  // namespace brood::transfer
