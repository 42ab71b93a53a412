#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "sandboxd/engine.hpp"
#include "sandboxd/inspect/file_type.hpp"
#include "sandboxd/inspect/yara_rules.hpp"
#include "sandboxd/sample_folder.hpp"
#include "sandboxd/static_report_json.hpp"

namespace brood::sandboxd {

/// Looks at the file and never runs it. Reports are files <task>.json of its folder, mode 0600.
class StaticEngine final : public Engine {
 public:
  /// `samples` and `clock` must outlive it.
  StaticEngine(inspect::YaraRules rules, std::filesystem::path reports, const SampleFolder& samples,
               Clock& clock);

  std::string_view Name() const override { return "static"; }
  bool WantsSamples() const override { return true; }
  std::string TypeOf(std::string_view bytes) override { return types_.NameOf(bytes); }
  Expected<void, Error> Analyse(const Task& task) override;
  Expected<ReportBody, Error> Report(const Task& task) override;
  void Forget(std::int64_t task) override;

 private:
  Expected<StaticFindings, Error> LookAt(const Sample& sample) const;
  std::filesystem::path PathOf(std::int64_t task) const { return reports_ / (std::to_string(task) + ".json"); }

  const inspect::YaraRules rules_;
  const std::filesystem::path reports_;
  const SampleFolder& samples_;
  Clock& clock_;
  inspect::FileTypes types_;
};

}  // namespace brood::sandboxd
