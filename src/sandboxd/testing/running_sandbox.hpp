#pragma once

#include <chrono>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/json.hpp>

#include "base/clock.hpp"
#include "base/file.hpp"
#include "http/curl/curl_client.hpp"
#include "http/url.hpp"
#include "metrics/registry.hpp"
#include "sandboxd/sandboxd.hpp"

namespace brood::sandboxd {

/// Tests: a running sandbox on a port and in a folder of its own, spoken to over real HTTP.
class RunningSandbox {
 public:
  explicit RunningSandbox(Settings settings = {}) : settings_(std::move(settings)) {
    settings_.listen_port = 0;
    if (settings_.storage == Settings{}.storage) settings_.storage = folder_ / "storage";
    Start();
  }

  void Start() {
    sandbox_.emplace(settings_, metrics_.emplace_back(), clock_);
    const auto port = sandbox_->Start();
    if (!port) throw std::runtime_error(Describe(port.error()));
    url_ = "http://127.0.0.1:" + std::to_string(*port);
  }
  void Stop() { sandbox_.reset(); }
  const std::filesystem::path& Storage() const { return settings_.storage; }
  Settings& Change() { return settings_; }
  std::uint16_t Port() const { return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1))); }

  enum class Token { kOurs, kNone };
  Expected<http::Response, http::HttpError> Try(http::Request request, const std::string& path,
                                                Token token = Token::kOurs) {
    request.url = url_ + path;
    request.max_body = std::size_t{1} << 30;
    if (token == Token::kOurs && !settings_.token.Empty())
      request.headers.emplace_back("Authorization", "Bearer " + settings_.token.Reveal());
    return client_.Send(request);
  }
  http::Response Get(const std::string& path) { return Try({}, path).value(); }
  http::Response Upload(const std::string& name, const std::string& bytes, const http::FieldList& fields = {}) {
    http::Request request;
    request.method = http::Method::kPost;
    request.form.push_back({"file", bytes, {}, name});
    for (const auto& [key, value] : fields) request.form.push_back({key, value, {}, {}});
    return Try(std::move(request), "/tasks/create/file").value();
  }
  http::Response Post(const std::string& path, std::string body, const std::string& type) {
    http::Request request;
    request.method = http::Method::kPost;
    request.headers = {{"Content-Type", type}};
    request.body = std::move(body);
    return Try(std::move(request), path).value();
  }

  boost::json::value Json(const std::string& path) { return boost::json::parse(Get(path).body); }
  /// The id of an upload that is taken.
  std::int64_t Submit(const std::string& name, const std::string& bytes, const http::FieldList& fields = {}) {
    return boost::json::parse(Upload(name, bytes, fields).body).at("task_id").as_int64();
  }
  std::string State(std::int64_t id) {
    return boost::json::value_to<std::string>(
        Json("/tasks/view/" + std::to_string(id)).at("task").at("status"));
  }
  /// Waits for a state; the one it got stuck in after 20 s.
  std::string Await(std::int64_t id, const std::string& state = "reported") {
    std::string seen;
    for (int i = 0; i < 2'000 && (seen = State(id)) != state; ++i) std::this_thread::sleep_for(Millis{10});
    return seen;
  }
  boost::json::value Report(std::int64_t id) { return Json("/tasks/report/" + std::to_string(id)); }

 private:
  const TempDir folder_;
  Settings settings_;
  SystemClock clock_;
  std::list<metrics::Registry> metrics_;
  http::curl::CurlClient client_;
  std::optional<Sandboxd> sandbox_;
  std::string url_;
};

}  // namespace brood::sandboxd
