#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/opensearch/documents.hpp"
#include "store/result.hpp"

namespace brood::store::opensearch {

/// Where a listing goes on: behind the record with this time and this id. As text "<time>/<id>".
struct Position {
  std::int64_t time = 0;
  std::string id;
};

[[nodiscard]] std::string ToText(const Position& position);
/// Nothing for an empty text; kInvalid for one that no listing gave out.
[[nodiscard]] Result<std::optional<Position>> PositionFrom(std::string_view text);

/// A search: what all hits fulfil, in which order, how many. Every order ends in the unique `id`, so that pages
/// beyond the engine's 10,000 hits follow one another.
class Query {
 public:
  Query& Is(std::string_view field, std::string_view value);
  Query& IsOneOf(std::string_view field, const std::vector<std::string_view>& values);
  Query& Begins(std::string_view field, std::string_view prefix);
  Query& IsFlag(std::string_view field, bool value);
  /// `bound` is one of "lt", "lte", "gte".
  Query& Range(std::string_view field, std::string_view bound, std::int64_t value);

  /// `order` is "asc" or "desc", of time and id alike; no time: by id alone.
  Query& Sorted(std::string_view time, std::string_view order);
  Query& After(const Position& position);
  Query& Fields(std::string_view fields);
  [[nodiscard]] std::string Body(std::size_t size) const;
  /// For a count: conditions alone.
  [[nodiscard]] std::string Conditions() const;

 private:
  void Add(std::string condition);

  std::string conditions_, sort_, after_, fields_;
  bool by_time_ = false;
};

/// What an engine gives in one answer (index.max_result_window).
inline constexpr std::size_t kMaxHits = 10'000;

/// Asked for with one more than fits, to know whether there is a next page.
[[nodiscard]] std::size_t HitsFor(const Page& page);

/// `read(source)` gives a Result<T>, `place(record)` its Position.
template <class T, class Read, class Place>
[[nodiscard]] Result<Listing<T>> ListPage(Documents& documents, const Query& query, const Page& page,
                                          const Read& read, const Place& place) {
  const auto sources = documents.Search(query.Body(HitsFor(page)));
  if (!sources) return Unexpected(sources.error());
  Listing<T> listing;
  const bool more = sources->size() == HitsFor(page);
  const std::size_t count = more ? sources->size() - 1 : sources->size();
  for (std::size_t i = 0; i < count; ++i) {
    Result<T> record = read((*sources)[i]);
    if (!record) return Unexpected(std::move(record.error()));
    listing.items.push_back(std::move(*record));
  }
  if (more) listing.next = ToText(place(listing.items.back()));
  return listing;
}

}  // namespace brood::store::opensearch
