#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/api.hpp"
#include "cli/plant.hpp"
#include "cli/settings.hpp"
#include "stage/runner.hpp"

namespace brood::cli {

/// One stage with its source and its runner, on a thread of its own from Start to Stop.
class Service {
 public:
  struct Parts {
    std::string name;
    std::unique_ptr<stage::Stage> stage;
    std::unique_ptr<broker::Source> source;
    stage::RunnerSettings runner;
  };
  Service(Parts parts, Plant& plant, metrics::Registry& metrics, Clock& clock);
  ~Service();

  void Start();
  void RequestStop();
  void Join();
  [[nodiscard]] bool Alive() const { return alive_; }
  [[nodiscard]] api::ServiceState State() const;

 private:
  Parts parts_;
  const metrics::Registry& metrics_;
  stage::Runner runner_;
  std::atomic<bool> alive_{false};
  std::jthread thread_;
};

/// Where samples travel inside messages, because a Go service reads them: what fits into one, in bytes. Else 0.
[[nodiscard]] std::size_t MostInline(const Settings& settings);

/// The names that `brood <name>` takes, in the order of the way.
[[nodiscard]] const std::vector<std::string>& ServiceNames();

/// The services of one name: overseer is three. Throws std::runtime_error with a sentence.
[[nodiscard]] std::vector<std::unique_ptr<Service>> MakeServices(std::string_view name,
                                                                 const Settings& settings, Plant& plant,
                                                                 metrics::Registry& metrics, Clock& clock);

}  // namespace brood::cli
