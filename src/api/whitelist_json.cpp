#include "api/whitelist_json.hpp"

#include <fmt/format.h>

#include "api/body_json.hpp"
#include "api/canonical.hpp"
#include "api/json_object.hpp"
#include "api/parameters.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kMaxOwner = 256;

}  // namespace

std::string ToJson(const store::WhitelistEntry& entry) {
  return JsonObject()
      .Text("kind", store::Name(entry.kind))
      .Text("value", entry.value)
      .Text("owner", entry.owner)
      .Finish();
}

Expected<store::WhitelistKind, Refusal> KindFrom(std::string_view name) {
  if (name.empty()) return store::WhitelistKind::kSubnet;
  const auto kind = store::WhitelistKindFrom(name);
  if (!kind) return Refuse(400, "The kind must be subnet, hash or domain.");
  return *kind;
}

Expected<store::WhitelistEntry, Refusal> WhitelistEntryFromBody(std::string_view body) {
  const auto fields = TextFieldsOf(body, {"kind", "value", "owner"});
  if (!fields) return Unexpected(fields.error());
  const auto kind = KindFrom(fields->at("kind"));
  if (!kind) return Unexpected(kind.error());
  const auto value = CanonicalWhitelistValue(*kind, fields->at("value"));
  if (!value) return Unexpected(value.error());
  const std::string& owner = fields->at("owner");
  if (owner.size() > kMaxOwner || HasControlCharacters(owner)) {
    return Refuse(400,
                  fmt::format("The owner must be at most {} bytes without control characters.", kMaxOwner));
  }
  return store::WhitelistEntry{*kind, *value, owner};
}

}  // namespace brood::api
