#include "api/feeds_json.hpp"

#include "api/json_object.hpp"

namespace brood::api {

std::string ToJson(const feeds::ListState& state) {
  return JsonObject()
      .Text("category", state.category)
      .Text("source", state.source)
      .Bool("configured", state.configured)
      .Count("entries", state.entries)
      .Int("fetched", ToMillis(state.fetched))
      .Int("looked", ToMillis(state.looked))
      .Int("skipped", state.skipped)
      .Text("trouble", state.trouble)
      .Finish();
}

}  // namespace brood::api
