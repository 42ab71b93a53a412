#include "store/opensearch/refusal_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace brood::store::opensearch {
namespace {

namespace json = boost::json;

constexpr std::size_t kShownBytes = 300;

std::string Shown(std::string_view text) {
  std::string shown = MakeUtf8(Shorten(TrimAscii(text), kShownBytes));
  std::ranges::replace_if(
      shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return shown;
}

std::string TextIn(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

/// An engine whose disk is full makes indices read-only; old versions say so with 403, newer ones with 429.
bool IsReadOnly(const Refusal& refusal) {
  return refusal.type == "cluster_block_exception" && (refusal.status == 403 || refusal.status == 429);
}

Errc ErrcOf(const Refusal& refusal) {
  if (IsReadOnly(refusal) || refusal.status == 507) return Errc::kFull;
  if (refusal.status == 413) return Errc::kInvalid;
  const bool closed = refusal.type == "index_closed_exception";
  return refusal.status == 400 && !closed ? Errc::kInvalid : Errc::kUnavailable;
}

std::string_view Advice(const Refusal& refusal) {
  if (IsReadOnly(refusal)) return "; it takes records again by itself once its disk has room";
  if (refusal.status == 401) return "; are store.user and store.password, or store.api_key, right?";
  if (refusal.status == 403) return "; what store.user or store.api_key may do is too little";
  if (refusal.status == 413) return "; see store.max_body";
  if (refusal.type == "index_not_found_exception") return "; brood indices create makes it";
  if (refusal.type.empty() && refusal.status < 500) return "; is this the URL of an OpenSearch?";
  return "";
}

}  // namespace

Refusal ReadRefusal(int status, std::string_view error) {
  json::error_code problem;
  json::value value = json::parse(error, problem);
  const json::object* object = problem ? nullptr : value.if_object();
  if (object != nullptr) {
    if (const json::value* inner = object->if_contains("error")) {
      if (inner->is_string()) return {status, "", Shown(inner->as_string())};
      if (inner->is_object()) object = &inner->as_object();
    }
    return {status, Shown(TextIn(*object, "type")), Shown(TextIn(*object, "reason"))};
  }
  return {status, "", Shown(error)};
}

StoreError ToStoreError(const Refusal& refusal, std::string_view host, std::string_view doing) {
  const std::string reason = refusal.reason.empty() ? "no reason given" : refusal.reason;
  return {ErrcOf(refusal),
          fmt::format("the search engine at {}, asked to {}: {} ({}{}{}){}", host, doing, reason,
                      refusal.status, refusal.type.empty() ? "" : " ", refusal.type, Advice(refusal))};
}

bool IsRejected(const Refusal& refusal) {
  return (refusal.status == 429 && !IsReadOnly(refusal)) || refusal.status == 503;
}

}  // namespace brood::store::opensearch
