#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "cli/plant.hpp"
#include "cli/settings.hpp"

namespace brood::cli {

/// The API over a plant, listening from the start to the end of this object. Throws std::runtime_error with a
/// sentence when it cannot listen.
class ServedApi {
 public:
  using States = std::function<std::vector<api::ServiceState>()>;
  /// `feeds` may be null: then this process updates no third-party lists.
  ServedApi(const Settings& settings, Plant& plant, metrics::Registry& metrics, Clock& clock, States states,
            feeds::Schedule* feeds = nullptr);
  ~ServedApi();
  ServedApi(const ServedApi&) = delete;
  ServedApi& operator=(const ServedApi&) = delete;

  [[nodiscard]] const std::string& Url() const { return url_; }
  /// Where client commands find it.
  void WriteAddress() const;
  void Stop();

 private:
  const std::filesystem::path state_dir_;
  std::unique_ptr<api::Api> api_;
  std::string url_;
};

}  // namespace brood::cli
