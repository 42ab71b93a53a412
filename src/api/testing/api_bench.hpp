#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "api/api.hpp"
#include "base/file.hpp"
#include "broker/memory_broker.hpp"
#include "http/curl/curl_client.hpp"
#include "http/raw_server.hpp"
#include "samples/folder/folder_store.hpp"
#include "sandbox/testing/fake_node.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood::api {

/// Tests: an API on a port of its own, on a store and a queue in memory and a folder of samples, with a client.
/// What a test replaces, it sets before Start.
class ApiBench {
 public:
  static constexpr std::string_view kToken = "a-token-that-tests-know";
  static constexpr std::string_view kFeedQueue = "worker/feed_cuckoo";

  ApiBench() {
    settings.listen_port = 0;
    if (!broker.Declare({std::string(kFeedQueue)})) throw std::runtime_error("cannot declare the queue");
    services = {{"submit_binary", true, 1}, {"feed_cuckoo", true, 2}, {"check_results", true, 0}};
  }

  void Start() {
    api_ = std::make_unique<Api>(settings, Secret(std::string(kToken)),
                                 Ports{store,
                                       broker,
                                       *samples,
                                       *intake,
                                       fleet,
                                       metrics,
                                       clock,
                                       {std::string(kFeedQueue)},
                                       [this] { return services; },
                                       remove_dump,
                                       feeds});
    const auto started = api_->Start();
    if (!started) throw std::runtime_error(Describe(started.error()));
    port_ = *started;
  }

  http::Response Send(http::Method method, const std::string& path, std::string body = {},
                      http::HeaderList headers = {}) {
    http::Request request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(port_) + path;
    request.body = std::move(body);
    request.headers = std::move(headers);
    auto response = client_.Send(request);
    if (!response) throw std::runtime_error(response.error().what);
    return std::move(*response);
  }
  http::Response Get(const std::string& path) { return Send(http::Method::kGet, path); }
  /// With the token.
  http::Response Change(http::Method method, const std::string& path, std::string body = {},
                        http::HeaderList headers = {}) {
    headers.emplace_back("Authorization", "Bearer " + std::string(kToken));
    return Send(method, path, std::move(body), std::move(headers));
  }
  http::Response Upload(const std::string& query, std::string body, http::HeaderList headers = {}) {
    return Change(http::Method::kPost, "/api/v1/submissions?" + query, std::move(body), std::move(headers));
  }
  /// Sends these bytes on a connection of its own and gives the whole answer.
  std::string Raw(std::string_view bytes) const {
    auto connection = http::RawConnection::To(port_);
    connection.Send(bytes);
    return connection.ReadMessage();
  }

  [[nodiscard]] const std::vector<Call>& Calls() const { return api_->Calls(); }

  std::vector<std::string> Published() {
    std::vector<std::string> bodies;
    auto source = broker.Consume({{std::string(kFeedQueue)}, 100});
    for (const auto& delivery : (*source)->Take(100, Millis{0})) bodies.push_back(delivery.message.body);
    return bodies;
  }
  void List(const std::string& type, const std::string& value, Time at = {}) {
    store::BlacklistEntry entry;
    entry.type = type;
    entry.value = value;
    entry.last_change = at == Time{} ? clock.Now() : at;
    entry.reasons = R"([{"reason":"mutex","data":"<evil>"}])";
    entry.score = 2.5;
    if (!store.Blacklist().Upsert(std::span(&entry, 1))) throw std::runtime_error("cannot list the value");
  }

  Settings settings;
  ManualClock clock;
  metrics::Registry metrics;
  TempDir folder;
  std::shared_ptr<sqlite::Writer> writer = std::make_shared<sqlite::Writer>(":memory:");
  store::sqlite::SqliteStore store{writer, writer};
  std::shared_ptr<broker::MemoryServer> queues = std::make_shared<broker::MemoryServer>();
  broker::MemoryBroker broker{queues};
  std::shared_ptr<samples::SampleStore> samples =
      std::make_shared<samples::folder::FolderSampleStore>(folder / "samples");
  std::shared_ptr<intake::Intake> intake =
      std::make_shared<intake::Intake>(store.Submissions(), store.Hashes(), intake::Settings{}, clock);
  std::shared_ptr<sandbox::testing::FakeNode> node = std::make_shared<sandbox::testing::FakeNode>(clock);
  sandbox::Fleet fleet{{node}, {}, clock};
  std::vector<ServiceState> services;
  letters::RemoveDump remove_dump;
  feeds::Schedule* feeds = nullptr;

 private:
  http::curl::CurlClient client_;
  std::unique_ptr<Api> api_;
  std::uint16_t port_ = 0;
};

inline boost::json::value Parsed(const http::Response& response) { return boost::json::parse(response.body); }

inline std::string TextOf(const boost::json::value& value, std::string_view key) {
  return std::string(value.at(key).as_string());
}

/// The sentence of {"error": sentence}.
inline std::string ErrorIn(const http::Response& response) { return TextOf(Parsed(response), "error"); }

}  // namespace brood::api
