#include "transfer/engine_pages.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "http/url.hpp"

namespace brood::transfer {
namespace {

namespace json = boost::json;

constexpr auto kKeep = "5m";
constexpr int kPageSize = 500;  ///< some ten thousand bytes a document at most, but for reports, which stay

const json::value* At(const json::value& value, std::initializer_list<std::string_view> path) {
  const json::value* at = &value;
  for (const std::string_view key : path) {
    const json::object* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(key);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string TextAt(const json::value& value, std::initializer_list<std::string_view> path) {
  const json::value* text = At(value, path);
  return text != nullptr && text->is_string() ? std::string(text->get_string()) : "";
}

std::optional<std::int64_t> IntAt(const json::value& value, std::initializer_list<std::string_view> path) {
  const json::value* number = At(value, path);
  if (number == nullptr || !number->is_int64()) return std::nullopt;
  return number->get_int64();
}

std::string PlaceOf(const json::value& hit) {
  return fmt::format("{}/{}/{}", TextAt(hit, {"_index"}), TextAt(hit, {"_type"}), TextAt(hit, {"_id"}));
}

store::Result<void> TakeHit(const json::value& hit, const std::string& prefix, const OnRecord& on_record,
                            const OnBad& on_bad) {
  auto record = hit.is_object()
                    ? RecordFrom(hit.get_object(), prefix)
                    : Expected<Record, std::string>(Unexpected(std::string("it is no JSON object")));
  if (record) return on_record(std::move(*record));
  on_bad(PlaceOf(hit), record.error());
  return {};
}

}  // namespace

struct EnginePages::Page {
  std::string scroll;
  json::array hits;
  std::uint64_t all = 0;
};

EnginePages::EnginePages(http::Client& client, std::string url) : client_(client), shown_(http::ShownUrl(url)) {
  const auto parsed = http::ParseUrl(url);
  if (parsed && !parsed->user_info.empty()) {
    const std::string login = http::PercentDecode(parsed->user_info).value_or(parsed->user_info);
    authorization_ = "Basic " + EncodeBase64(login);
    const std::size_t at = url.find(parsed->user_info + "@");
    url.erase(at, parsed->user_info.size() + 1);
  }
  url_ = std::move(url);
}

Expected<http::Response, Error> EnginePages::Ask(http::Method method, const std::string& path,
                                                 const std::string& body, Form form) {
  http::Request request;
  request.method = method;
  request.url = http::JoinUrl(url_, path);
  request.body = body;
  request.max_body = std::size_t{256} << 20;
  if (!body.empty())
    request.headers.emplace_back("Content-Type", form == Form::kJson ? "application/json" : "text/plain");
  if (!authorization_.empty()) request.headers.emplace_back("Authorization", authorization_);
  auto answer = client_.Send(request);
  if (!answer) return Unexpected(Transient(shown_ + " does not answer", answer.error().what));
  if (answer->Ok() || answer->status == 404) return std::move(*answer);
  return Unexpected(
      Permanent(fmt::format("{} answers with {}", shown_, answer->status), Shorten(answer->body, 300)));
}

Expected<std::string, Error> EnginePages::Version() {
  const auto answer = Ask(http::Method::kGet, "/", "");
  if (!answer) return Unexpected(answer.error());
  boost::system::error_code error;
  const json::value value = json::parse(answer->body, error);
  const std::string number = error ? "" : TextAt(value, {"version", "number"});
  if (number.empty())
    return Unexpected(Permanent(shown_ + " is no Elasticsearch or OpenSearch: it tells no version"));
  const bool opensearch = TextAt(value, {"version", "distribution"}) == "opensearch";
  major_ = opensearch ? 7 : static_cast<int>(ParseInt(number.substr(0, number.find('.'))).value_or(7));
  return fmt::format("{} {}", opensearch ? "OpenSearch" : "Elasticsearch", number);
}

Expected<EnginePages::Page, Error> EnginePages::PageFrom(const http::Response& answer,
                                                         const std::string& name) const {
  const auto bad = [&](std::string_view why) {
    return Unexpected(
        Transient(fmt::format("{} does not give the whole of the index {}", shown_, name), std::string(why)));
  };
  if (answer.status == 404) return bad("the scroll is gone: it took too long, or the engine was restarted");
  boost::system::error_code error;
  json::value value = json::parse(answer.body, error);
  if (error) return bad("its answer is no JSON");
  const auto failed = IntAt(value, {"_shards", "failed"});
  if (failed && *failed > 0) return bad(fmt::format("{} shards did not answer", *failed));
  const json::value* timed_out = At(value, {"timed_out"});
  if (timed_out != nullptr && *timed_out == json::value(true)) return bad("the search timed out");
  const json::value* hits = At(value, {"hits", "hits"});
  if (hits == nullptr || !hits->is_array()) return bad("its answer has no hits");
  Page page{TextAt(value, {"_scroll_id"}), hits->get_array(), 0};
  auto all = IntAt(value, {"hits", "total"});
  if (!all) all = IntAt(value, {"hits", "total", "value"});  // from 7 on
  page.all = static_cast<std::uint64_t>(std::max<std::int64_t>(all.value_or(0), 0));
  return page;
}

/// Before 2.0 the body is the bare scroll id.
Expected<EnginePages::Page, Error> EnginePages::Next(const std::string& scroll, const std::string& name) {
  const auto answer =
      IsOld() ? Ask(http::Method::kPost, fmt::format("/_search/scroll?scroll={}", kKeep), scroll, Form::kPlain)
              : Ask(http::Method::kPost, "/_search/scroll",
                    json::serialize(json::object{{"scroll", kKeep}, {"scroll_id", scroll}}));
  if (!answer) return Unexpected(answer.error());
  return PageFrom(*answer, name);
}

/// Good manners: it ends by itself.
void EnginePages::EndScroll(const std::string& scroll) {
  if (IsOld()) {
    (void)Ask(http::Method::kDelete, "/_search/scroll", scroll, Form::kPlain);
  } else {
    (void)Ask(http::Method::kDelete, "/_search/scroll",
              json::serialize(json::object{{"scroll_id", json::array{scroll}}}));
  }
}

Expected<bool, Error> EnginePages::Read(const std::string& index, const std::string& prefix,
                                        const OnRecord& on_record, const OnBad& on_bad,
                                        const std::function<void(Progress)>& on_page) {
  const std::string name = prefix + index;
  const std::string query = IsOld() ? fmt::format(R"({{"size":{}}})", kPageSize)
                                    : fmt::format(R"({{"size":{},"sort":["_doc"]}})", kPageSize);
  const auto first =
      Ask(http::Method::kPost, fmt::format("/{}/_search?scroll={}", http::PercentEncode(name), kKeep), query);
  if (!first) return Unexpected(first.error());
  if (first->status == 404) return false;
  auto page = PageFrom(*first, name);
  Progress progress;
  while (page) {
    progress = {progress.done + page->hits.size(), page->all};
    for (const json::value& hit : page->hits) {
      if (const auto taken = TakeHit(hit, prefix, on_record, on_bad); !taken)
        return Unexpected(store::ToError(taken.error()));
    }
    on_page(progress);
    if (page->hits.empty() || page->scroll.empty()) break;
    const std::string scroll = page->scroll;
    page = Next(scroll, name);
    if (page && page->hits.empty()) EndScroll(page->scroll.empty() ? scroll : page->scroll);
  }
  if (!page) return Unexpected(page.error());
  if (progress.done < progress.all) {
    return Unexpected(Transient(fmt::format("{} gave {} of the {} documents of the index {}", shown_,
                                            progress.done, progress.all, name)));
  }
  return true;
}

}  // namespace brood::transfer
