#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood::api {

/// One JSON object, written key by key. Text that is not UTF-8 gets U+FFFD in the place of what is not.
class JsonObject {
 public:
  JsonObject& Text(std::string_view key, std::string_view value);
  JsonObject& Int(std::string_view key, std::int64_t value);
  JsonObject& Count(std::string_view key, std::uint64_t value);
  JsonObject& Real(std::string_view key, double value);
  JsonObject& Bool(std::string_view key, bool value);
  /// `json` is JSON already.
  JsonObject& Json(std::string_view key, std::string_view json);
  [[nodiscard]] std::string Finish();  ///< once, as the last call

 private:
  void Key(std::string_view key);

  std::string out_;
};

/// `value` as a JSON text, with the same care.
[[nodiscard]] std::string JsonText(std::string_view value);

/// `encode(item)` gives each item's JSON.
template <class Items, class Encode>
[[nodiscard]] std::string JsonList(const Items& items, const Encode& encode) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += encode(item);
  }
  return out += ']';
}

/// {"items": […], "next": "…"}: a page of a listing; an empty `next` is the end.
template <class Listing, class Encode>
[[nodiscard]] std::string JsonPage(const Listing& listing, const Encode& encode) {
  return JsonObject().Json("items", JsonList(listing.items, encode)).Text("next", listing.next).Finish();
}

}  // namespace brood::api
