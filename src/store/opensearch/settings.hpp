#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/secret.hpp"
#include "config/section.hpp"

namespace brood::store::opensearch {

enum class Kind { kSqlite, kOpenSearch };

/// `[store]`: where records go. Everything but `kind` is about OpenSearch or Elasticsearch.
struct Settings {
  Kind kind = Kind::kSqlite;
  std::vector<std::string> hosts{"http://127.0.0.1:9200"};  ///< nodes of one cluster, http or https
  std::string user;
  Secret password;
  Secret api_key;                 ///< as the engine gives it out, in base64; in the place of user and password
  std::filesystem::path ca_file;  ///< PEM; empty: the system's own trust
  bool verify_ssl = true;
  std::string index_prefix;  ///< in front of each index's name
  std::size_t shards = 1;
  std::chrono::milliseconds refresh_every{1'000};       ///< how long a list or search may lag
  std::chrono::milliseconds timeout{30'000};            ///< of one request
  std::chrono::seconds start_within{300};               ///< how long a start waits for the engine
  std::size_t max_body = std::size_t{95} << 20;         ///< of a request: the engine's http.max_content_length
  std::size_t bulk_bytes = std::size_t{8} << 20;        ///< what is gathered into one request of many records
  Backoff host_away{Millis{200}, Millis{10'000}, 2.0};  ///< how long a host that failed is not asked first
  Backoff rejected{Millis{50}, Millis{1'000}, 3.0};     ///< between tries of what an engine has no room for yet
  int tries_when_rejected = 5;
};

/// The rows of `[store]`.
[[nodiscard]] config::Section Describe(Settings& settings);

}  // namespace brood::store::opensearch
