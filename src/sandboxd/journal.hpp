#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/unique_fd.hpp"

namespace brood::sandboxd {

/// An append-only file of lines, mode 0600. A line is there for the next process once Append has returned, even
/// after kill -9. Nothing is synced while it runs: a power cut may cost the newest lines, and whoever fed those
/// tasks finds them missing and feeds them again. Thread-safe.
class Journal {
 public:
  using OnLine = std::function<void(std::string_view line)>;

  explicit Journal(std::filesystem::path file) : file_(std::move(file)) {}
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// The lines of the file, if there is one. A last line without its end (the process died while writing) is
  /// left out.
  [[nodiscard]] Expected<void, Error> Read(const OnLine& on_line) const;
  /// Replaces the file by these lines (each with its line break), synced, and opens it for Append.
  [[nodiscard]] Expected<void, Error> Begin(std::string_view lines);
  /// One or more lines, all or none of them: a full disk leaves no part behind.
  [[nodiscard]] Expected<void, Error> Append(std::string_view lines);

 private:
  const std::filesystem::path file_;
  std::mutex mutex_;
  UniqueFd fd_;
};

}  // namespace brood::sandboxd
