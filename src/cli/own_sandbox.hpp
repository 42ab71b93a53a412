#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "cli/settings.hpp"
#include "metrics/registry.hpp"
#include "sandboxd/sandboxd.hpp"

namespace brood::cli {

/// The sandbox that `brood run` starts by itself where no node is configured: it becomes the one node of
/// `settings`. Its port is kept in the state folder, so that tasks in flight find their node again after a
/// restart. Throws std::runtime_error with a sentence.
class OwnSandbox {
 public:
  OwnSandbox(Settings& settings, metrics::Registry& metrics, Clock& clock);

  [[nodiscard]] bool Started() const { return server_ != nullptr; }
  [[nodiscard]] const std::string& Url() const { return url_; }

 private:
  std::unique_ptr<sandboxd::Sandboxd> server_;
  std::string url_;
};

}  // namespace brood::cli
