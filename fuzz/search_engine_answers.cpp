// What a search engine, or what stands in its place, answers: cut into pieces, read as records, as refusals.
#include <cstdint>
#include <string_view>

#include "base/utf8.hpp"
#include "input.hpp"
#include "store/opensearch/bulk.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/raw_json.hpp"
#include "store/opensearch/refusal_json.hpp"
#include "store/opensearch/report_source.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace engine = brood::store::opensearch;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto inside = [&](std::string_view piece) {
    return piece.empty() || (piece.data() >= text.data() && piece.data() + piece.size() <= text.data() + size);
  };
  if (const auto members = engine::MembersOf(text)) {
    for (const auto& [key, value] : *members) {
      brood::fuzz::Require(inside(key) && inside(value), "a member is a piece of its object");
    }
  }
  if (const auto items = engine::ItemsOf(text)) {
    for (const auto& item : *items) brood::fuzz::Require(inside(item), "an item is a piece of its list");
  }
  (void)engine::ReadBulk(text, 1);
  (void)engine::PositionFrom(text);
  (void)engine::ReadReport(text);
  const auto error = engine::ToStoreError(engine::ReadRefusal(429, text), "http://engine.test", "search");
  brood::fuzz::Require(brood::IsUtf8(error.what), "a sentence is text");
  return 0;
}
