#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

/// A report's bytes: in memory, or in a file if `text` is null.
struct ReportBody {
  std::shared_ptr<const std::string> text;
  std::filesystem::path file;
};

/// What makes reports. Thread-safe: every machine and every request may be in it at once.
class Engine {
 public:
  virtual ~Engine() = default;

  /// "static", "replay".
  [[nodiscard]] virtual std::string_view Name() const = 0;
  /// Whether uploaded contents are kept: making a file costs more than all the rest of an upload.
  [[nodiscard]] virtual bool WantsSamples() const = 0;
  /// The type of a content, for the sample's row.
  [[nodiscard]] virtual std::string TypeOf(std::string_view bytes) = 0;
  /// The task's work, on a machine's thread. After success Report gives its report, also in another process.
  [[nodiscard]] virtual Expected<void, Error> Analyse(const Task& task) = 0;
  /// Only asked for after Analyse. The error says why there is none.
  [[nodiscard]] virtual Expected<ReportBody, Error> Report(const Task& task) = 0;
  /// The task is gone: so may its report be.
  virtual void Forget(std::int64_t task) = 0;
};

}  // namespace brood::sandboxd
