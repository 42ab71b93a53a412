#include "store/opensearch/paging.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/json_text.hpp"
#include "store/limits.hpp"

namespace brood::store::opensearch {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted;
  model::AppendJson(quoted, text);
  return quoted;
}

}  // namespace

std::string ToText(const Position& position) { return fmt::format("{}/{}", position.time, position.id); }

Result<std::optional<Position>> PositionFrom(std::string_view text) {
  if (text.empty()) return std::optional<Position>();
  const auto slash = text.find('/');
  const auto time = ParseInt(text.substr(0, slash));
  const std::string_view id = slash == std::string_view::npos ? "" : text.substr(slash + 1);
  if (!time || !CheckId("place", id)) {
    return Unexpected(StoreError{Errc::kInvalid, "a place to go on that no listing gave out"});
  }
  return Position{*time, std::string(id)};
}

Query& Query::Is(std::string_view field, std::string_view value) {
  Add(fmt::format(R"({{"term":{{"{}":{}}}}})", field, Quoted(value)));
  return *this;
}

Query& Query::Begins(std::string_view field, std::string_view prefix) {
  Add(fmt::format(R"({{"prefix":{{"{}":{}}}}})", field, Quoted(prefix)));
  return *this;
}

Query& Query::IsFlag(std::string_view field, bool value) {
  Add(fmt::format(R"({{"term":{{"{}":{}}}}})", field, value));
  return *this;
}

Query& Query::IsOneOf(std::string_view field, const std::vector<std::string_view>& values) {
  std::string list;
  for (const std::string_view value : values) {
    if (!list.empty()) list += ',';
    list += Quoted(value);
  }
  Add(fmt::format(R"({{"terms":{{"{}":[{}]}}}})", field, list));
  return *this;
}

Query& Query::Range(std::string_view field, std::string_view bound, std::int64_t value) {
  Add(fmt::format(R"({{"range":{{"{}":{{"{}":{}}}}}}})", field, bound, value));
  return *this;
}

Query& Query::Sorted(std::string_view time, std::string_view order) {
  by_time_ = !time.empty();
  sort_ = by_time_ ? fmt::format(R"({{"{}":"{}"}},)", time, order) : "";
  sort_ += fmt::format(R"({{"id":"{}"}})", order);
  return *this;
}

Query& Query::After(const Position& position) {
  after_ = by_time_ ? fmt::format("{},{}", position.time, Quoted(position.id)) : Quoted(position.id);
  return *this;
}

Query& Query::Fields(std::string_view fields) {
  fields_ = fields;
  return *this;
}

void Query::Add(std::string condition) {
  if (!conditions_.empty()) conditions_ += ',';
  conditions_ += condition;
}

std::string Query::Conditions() const {
  return fmt::format(R"({{"query":{{"bool":{{"filter":[{}]}}}}}})", conditions_);
}

std::string Query::Body(std::size_t size) const {
  std::string body = Conditions();
  body.pop_back();
  body += fmt::format(R"(,"size":{},"track_total_hits":false,"sort":[{}])", size, sort_);
  if (!after_.empty()) body += fmt::format(R"(,"search_after":[{}])", after_);
  if (!fields_.empty()) body += fmt::format(R"(,"_source":[{}])", fields_);
  return body + "}";
}

std::size_t HitsFor(const Page& page) { return std::clamp<std::size_t>(page.size, 1, kMaxHits - 1) + 1; }

}  // namespace brood::store::opensearch
