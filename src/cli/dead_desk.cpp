#include "cli/dead_desk.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/dead_letters_json.hpp"
#include "cli/api_client.hpp"
#include "cli/open_store.hpp"
#include "http/url.hpp"
#include "letters/desk.hpp"
#include "stages/overseer/dump.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;

class OverApi final : public DeadDesk {
 public:
  explicit OverApi(const Context& context) : client_(context) {}

  Answer List(const LetterQuery& query) override {
    std::string path = fmt::format("/api/v1/dead?limit={}", query.size);
    const auto add = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) path += fmt::format("&{}={}", name, http::PercentEncode(value));
    };
    add("state", query.state);
    add("queue", query.queue);
    add("key", query.key_prefix);
    add("after", query.after);
    return client_.Get(path);
  }
  Answer Show(const std::string& key) override { return client_.Get(PathOf(key)); }
  Answer Retry(const std::string& key) override {
    return client_.Send(http::Method::kPost, PathOf(key) + "/retry");
  }
  Answer Drop(const std::string& key, const std::string& reason) override {
    const json::object body{{"reason", reason}};
    return client_.Send(http::Method::kPost, PathOf(key) + "/drop", json::serialize(body));
  }

  [[nodiscard]] const std::string& Url() const { return client_.Url(); }

 private:
  static std::string PathOf(const std::string& key) { return "/api/v1/dead/" + http::PercentEncode(key); }

  ApiClient client_;
};

class OnRecords final : public DeadDesk {
 public:
  explicit OnRecords(const Settings& settings)
      : store_(OpenStore(settings, clock_, metrics_)),
        desk_(store_->DeadLetters(), clock_, [dir = settings.overseer.dump_dir](const std::string& key) {
          return stages::overseer::RemoveDump(dir, key);
        }) {}

  static bool AreOnAnEngine(const Settings& settings) {
    return settings.store.kind != store::opensearch::Kind::kSqlite;
  }
  static std::filesystem::path RecordsFile(const Settings& settings) {
    return settings.general.state_dir / "brood.db";
  }

  Answer List(const LetterQuery& query) override {
    store::LetterFilter filter{.queue = query.queue, .key_prefix = query.key_prefix};
    if (!query.state.empty()) filter.state = store::LetterStateFrom(query.state);
    const auto listing = store_->DeadLetters().List(filter, {query.size, query.after});
    if (!listing) return Unexpected(store::ToError(listing.error()));
    json::array items;
    for (const store::DeadLetter& letter : listing->items) items.push_back(json::parse(api::ToJson(letter)));
    return json::value(json::object{{"items", std::move(items)}, {"next", listing->next}});
  }
  Answer Show(const std::string& key) override {
    const auto letter = store_->DeadLetters().Get(key);
    if (!letter) return Unexpected(store::ToError(letter.error()));
    if (!*letter) return Unexpected(Permanent("There is no such dead letter."));
    return json::parse(api::ToJsonWithMessage(**letter));
  }
  Answer Retry(const std::string& key) override { return ToAnswer(desk_.Retry(key)); }
  Answer Drop(const std::string& key, const std::string& reason) override {
    return ToAnswer(desk_.Drop(key, reason));
  }

 private:
  static Answer ToAnswer(const letters::Answer& answer) {
    if (answer) return json::parse(api::ToJson(*answer));
    const bool by_store = answer.error().code == letters::Errc::kStore;
    return Unexpected(by_store ? store::ToError(answer.error().store) : Permanent(answer.error().sentence));
  }

  SystemClock clock_;
  metrics::Registry metrics_;
  std::unique_ptr<store::Store> store_;
  letters::Desk desk_;
};

}  // namespace

Expected<std::unique_ptr<DeadDesk>, Error> OpenDesk(const Context& context) {
  auto over_api = std::make_unique<OverApi>(context);
  const auto asked = over_api->List({.size = 1});
  if (asked || asked.error().kind != ErrorKind::kTransient) return over_api;
  const Settings& settings = context.settings;
  const auto file = OnRecords::RecordsFile(settings);
  const bool on_an_engine = OnRecords::AreOnAnEngine(settings);
  if (std::error_code error; !on_an_engine && !std::filesystem::exists(file, error))
    return Unexpected(asked.error());
  fmt::print(stderr, "brood: no API answers at {}, so this works on {} itself\n", over_api->Url(),
             on_an_engine ? "the records in the search engine" : file.string());
  return std::make_unique<OnRecords>(settings);
}

}  // namespace brood::cli
