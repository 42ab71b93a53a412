#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/problem.hpp"
#include "config/section.hpp"

/// A part's settings as a room would have them, with one row of each kind. Tests only.
namespace brood::config::testing {

enum class Order { kOldest, kNewest };

struct NodeSettings {
  std::string url;
  Secret token;
  std::vector<std::string> tags;
  int capacity = 4;
};

struct FeedSettings {
  int max_pending = 10;
  std::uint16_t port = 8090;
  std::chrono::milliseconds poll_every{5'000};
  std::chrono::seconds give_up_after{600};
  std::int64_t max_size = 100 * kMiB;
  double score = 2.0;
  bool cleanup = false;
  std::string queue = "feed";
  std::string amqp;
  std::filesystem::path folder = "binaries";
  std::string level = "info";
  Order order = Order::kOldest;
  std::vector<std::string> parsers{"info", "dropped"};
  Secret key;
  std::vector<NodeSettings> nodes;
};

struct StoreSettings {
  std::filesystem::path file = "brood.db";
  int max_pending = 3;
};

inline Section DescribeNode(NodeSettings& s) {
  NodeSettings* const node = &s;
  return Section("node", "A sandbox server.")
      .Url("url", s.url, "Where its REST API is.")
      .Secret("token", s.token, "Its bearer token.")
      .TextList("tags", s.tags, "What its machines are.")
      .Int("capacity", s.capacity, {.min = 1, .max = 64, .unit = "tasks"}, "Tasks it runs at once.")
      .Require("url", [node] { return node->url.empty() ? "a node needs its url" : ""; });
}

inline Section Describe(FeedSettings& s) {
  using namespace std::chrono_literals;
  return Section("feed_cuckoo", "Uploads samples to the sandboxes.")
      .Int("max_pending", s.max_pending, {.min = 1, .max = 100'000, .unit = "tasks"}, "Wait at this many.")
      .Int("port", s.port, {}, "The port it listens on.")
      .Duration("poll_every", s.poll_every, {100ms, 1h}, "How often a node is asked.")
      .Duration("give_up_after", s.give_up_after, {}, "When a node counts as dead.")
      .Bytes("max_size", s.max_size, {.min = kKiB, .max = 2 * kGiB}, "The largest sample.")
      .Real("score", s.score, {.min = 0, .max = 10}, "What a blacklisted sample has at least.")
      .Bool("cleanup", s.cleanup, "Delete tasks that are read.")
      .Text("queue", s.queue, "The queue it reads.")
      .Url("amqp", s.amqp, "The broker.")
      .Path("folder", s.folder, "Where samples lie.")
      .Choice("level", s.level, {"debug", "info", "warning"}, "How much is logged.")
      .Choice("order", s.order, {{"oldest", Order::kOldest}, {"newest", Order::kNewest}}, "Which goes first.")
      .TextList("parsers", s.parsers, "Which parts of a report are read.")
      .Secret("key", s.key, "The key of the API.")
      .Each("node", s.nodes, DescribeNode, "A sandbox server. Repeat for each.");
}

inline Section Describe(StoreSettings& s) {
  return Section("store", "Keeps the records.")
      .Path("file", s.file, "The database.")
      .Int("max_pending", s.max_pending, {.min = 1, .max = 5}, "Writes in flight.");
}

/// What a load said, one line a problem.
inline std::vector<std::string> Lines(const Problems& problems) {
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(Format(problem));
  return lines;
}

/// Both parts and their sections.
struct Settings {
  FeedSettings feed;
  StoreSettings store;
  std::vector<Section> sections{Describe(feed), Describe(store)};

  Settings() = default;
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;
};

}  // namespace brood::config::testing
