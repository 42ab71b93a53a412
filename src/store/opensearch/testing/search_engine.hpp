#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "base/unique_fd.hpp"
#include "store/opensearch/settings.hpp"

namespace brood::store::opensearch::testing {

/// A real engine that belongs to this test program (tests/support/search_engine.py): started on first use,
/// shared by all tests, gone with the program however that ends. Tests keep apart by index prefixes. For one
/// thread.
class SearchEngine {
 public:
  /// `kind` is "opensearch" or "elasticsearch".
  [[nodiscard]] static SearchEngine& Shared(const std::string& kind);
  explicit SearchEngine(const std::string& kind);
  ~SearchEngine();
  SearchEngine(const SearchEngine&) = delete;
  SearchEngine& operator=(const SearchEngine&) = delete;

  /// Settings with an index prefix that nobody else has, and short waits.
  [[nodiscard]] Settings NewSettings();
  [[nodiscard]] std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  /// One of the script's commands; throws std::runtime_error with its answer unless that is "ok".
  void Do(const std::string& command);

 private:
  [[nodiscard]] std::string ReadLine();

  int pid_ = -1;
  UniqueFd to_;
  std::FILE* from_ = nullptr;
  int port_ = 0;
  int prefixes_ = 0;
};

}  // namespace brood::store::opensearch::testing
