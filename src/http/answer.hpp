#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace brood::http {

/// How one answer's head is written. kImplied: the version's own default (1.1 stays open).
enum class ConnectionHeader { kImplied, kClose, kKeepAlive };

/// Status line and headers to the empty line. Control characters in header values become blanks.
[[nodiscard]] std::string AnswerHead(const ServerResponse& response, std::uint64_t length, Protocol protocol,
                                     ConnectionHeader connection);

/// A response's body piece by piece, wherever it lies. Not thread-safe; views the response, which must outlive
/// it.
class AnswerBody {
 public:
  /// Throws std::runtime_error if the response's file cannot be read.
  explicit AnswerBody(const ServerResponse& response);

  [[nodiscard]] std::uint64_t Size() const { return size_; }
  /// The next piece of at most `max` bytes, valid until the next call. Empty at the end, and if a file has
  /// shrunk.
  [[nodiscard]] std::string_view Next(std::size_t max);

 private:
  std::string_view memory_;
  std::ifstream file_;
  std::vector<char> buffer_;
  std::uint64_t size_ = 0;
};

}  // namespace brood::http
