#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "http/curl/curl_client.hpp"
#include "http/server.hpp"
#include "sandbox/cuckoo/cuckoo_node.hpp"

// For this room's tests: a server that answers by a function, and nodes that talk to it.
namespace brood::sandbox::cuckoo {

inline constexpr auto kStatus2 = R"({"version": "2.0.7", "machines": {"total": 1, "available": 1},
    "tasks": {"pending": 1, "running": 0, "completed": 0, "reported": 0}})";
inline constexpr auto kStatus1 = R"({"version": "1.2", "machines": {"total": 1, "available": 1},
    "tasks": {"pending": 1, "running": 0, "completed": 0, "reported": 3}})";
inline constexpr auto kStatusZero = R"({"version": "2.0.7", "machines": {"total": 0, "available": 0},
    "tasks": {"pending": 0, "running": 0, "completed": 0, "reported": 0}})";
inline constexpr auto kNoTasks = R"({"tasks": []})";

inline http::ServerResponse Json(std::string body) {
  return http::Respond(200, std::move(body), "application/json");
}

inline http::ServerResponse Row(std::int64_t id, const std::string& custom) {
  return Json(R"({"task": {"id": )" + std::to_string(id) + R"(, "status": "pending", "custom": ")" + custom +
              "\"}}");
}

/// A server that answers by a function and remembers what it was asked.
struct ScriptedServer : ::testing::Test {
  ScriptedServer() : server({}, [this](const http::ServerRequest& request) { return Answer(request); }) {
    url = "http://127.0.0.1:" + std::to_string(server.Start().value());
    std::ofstream(file) << "harmless";
  }
  ~ScriptedServer() override {
    std::filesystem::remove(file);
    log::Listen({});
  }

  http::ServerResponse Answer(const http::ServerRequest& request) {
    {
      const std::lock_guard lock(mutex);
      asked.push_back(request.target);
      authorizations.emplace_back(http::Find(request.headers, "Authorization").value_or(""));
    }
    if (request.path == "/cuckoo/status") return Json(status);
    return answer(request);
  }

  CuckooSettings Settings() const {
    CuckooSettings settings;
    settings.url = model::NodeUrl{url};
    return settings;
  }
  static std::unique_ptr<CuckooNode> NodeOf(CuckooSettings settings,
                                            http::curl::KeepAlive keep = http::curl::KeepAlive::kOff) {
    http::curl::CurlSettings curl;
    curl.keep_alive = keep;
    return std::make_unique<CuckooNode>(std::move(settings), std::make_shared<http::curl::CurlClient>(curl));
  }
  std::unique_ptr<CuckooNode> Node() const { return NodeOf(Settings()); }
  Upload Sample() const { return {file, "a.exe", {}, "brood:m:0", "brood-m"}; }
  std::size_t Asked(const std::string& prefix) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::count_if(
        asked.begin(), asked.end(), [&](const std::string& target) { return target.starts_with(prefix); }));
  }

  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("cuckoo_node_" + std::to_string(getpid()));
  std::mutex mutex;
  std::vector<std::string> asked, authorizations;
  std::string status = kStatus2;
  std::function<http::ServerResponse(const http::ServerRequest&)> answer = [](const http::ServerRequest&) {
    return Json(kNoTasks);
  };
  http::Server server;
  std::string url;
};

}  // namespace brood::sandbox::cuckoo
