#include "store/opensearch/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "http/url.hpp"

namespace brood::store::opensearch {
namespace {

std::string ProblemOfHosts(const Settings& settings) {
  if (settings.kind == Kind::kOpenSearch && settings.hosts.empty()) return "names no host";
  for (const std::string& host : settings.hosts) {
    const auto url = http::ParseUrl(host);
    if (!url) return fmt::format("'{}': {}", http::ShownUrl(host), url.error());
    if (!url->user_info.empty()) return "a user belongs into store.user and store.password, not into a host";
    if (!url->query.empty()) return fmt::format("'{}': a host has no query", http::ShownUrl(host));
  }
  return "";
}

bool FitsIndexName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

std::string ProblemOfPrefix(const std::string& prefix) {
  constexpr std::size_t kMaxPrefix = 100;
  if (prefix.empty()) return "";
  if (prefix.size() > kMaxPrefix || !std::ranges::all_of(prefix, FitsIndexName) ||
      std::string_view("-_.").find(prefix.front()) != std::string_view::npos) {
    return "is no beginning of an index's name: lower-case letters, digits, and inside also '-', '_', '.'";
  }
  return "";
}

std::string ProblemOfLogin(const Settings& settings) {
  if (!settings.api_key.Empty() && !settings.user.empty()) return "stands beside store.user: one of them";
  return "";
}

}  // namespace

config::Section Describe(Settings& settings) {
  using namespace std::chrono_literals;
  Settings* const bound = &settings;
  return config::Section("store", "The records: embedded in the state folder, or OpenSearch or Elasticsearch.")
      .Choice("kind", settings.kind, {{"sqlite", Kind::kSqlite}, {"opensearch", Kind::kOpenSearch}},
              "Where records are kept; opensearch is also for Elasticsearch 7. All else here is about it.")
      .TextList("hosts", settings.hosts,
                "The nodes of one cluster as URLs; they are asked in turn, one that is away later.")
      .Text("user", settings.user, "Who asks, by name and password; empty means nobody.")
      .Secret("password", settings.password, "The password of store.user.")
      .Secret("api_key", settings.api_key, "An API key in base64, in the place of user and password.")
      .Path("ca_file", settings.ca_file,
            "The certificate authorities for https, as a PEM file; empty means the system's.")
      .Bool("verify_ssl", settings.verify_ssl, "Checks the certificates of hosts over https.")
      .Text("index_prefix", settings.index_prefix,
            "Stands in front of the six indices' names, for several installations on one cluster.")
      .Int("shards", settings.shards, {.min = 1, .max = 64, .unit = "shards"},
           "Of each index, when it is made.")
      .Duration("refresh_every", settings.refresh_every, {50ms, 60s},
                "How long a list or search may lag behind, set when an index is made.")
      .Duration("timeout", settings.timeout, {1s, 10min}, "Of one request.")
      .Duration("start_within", settings.start_within, {0s, 3600s},
                "How long a start waits for an engine that cannot be reached.")
      .Bytes("max_body", settings.max_body, {.min = 1 << 20, .max = std::int64_t{2} << 30},
             "The largest request: no more than the engine's http.max_content_length.")
      .Require("hosts", [bound] { return ProblemOfHosts(*bound); })
      .Require("index_prefix", [bound] { return ProblemOfPrefix(bound->index_prefix); })
      .Require("api_key", [bound] { return ProblemOfLogin(*bound); });
}

}  // namespace brood::store::opensearch
