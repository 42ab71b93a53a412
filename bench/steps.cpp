// CPU per sample of each step that the pipeline's budget names, alone and on one thread: made-up reports of 50
// KB, the rule set that ships, files of 4 KB. Databases and samples lie in the temporary folder.
//   brood_steps RULES_FOLDER
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <stdexcept>
#include <vector>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "broker/sqlite/sqlite_broker.hpp"
#include "model/report_json.hpp"
#include "report/reader.hpp"
#include "rules/evaluate.hpp"
#include "rules/folder.hpp"
#include "samples/folder/folder_store.hpp"
#include "sandboxd/replay/made_up_json.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood {
namespace {

constexpr int kSamples = 300;
constexpr int kRuns = 5;
constexpr std::size_t kReportBytes = 50'000;

double CpuMicros() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// `step` is told which run and sample it is. Prints the median over the runs of the mean over the samples.
void Measure(const char* name, const std::function<void(int run, int sample)>& step) {
  std::vector<double> means;
  for (int run = 0; run < kRuns; ++run) {
    const double begun = CpuMicros();
    for (int sample = 0; sample < kSamples; ++sample) step(run, sample);
    means.push_back((CpuMicros() - begun) / kSamples);
  }
  std::nth_element(means.begin(), means.begin() + kRuns / 2, means.end());
  fmt::print("| {} | {:.0f} |\n", name, means[kRuns / 2]);
}

template <class Result>
auto Must(Result result) {
  if (!result) throw std::runtime_error("a step failed");
  if constexpr (requires { *result; }) return std::move(*result);
}

struct Inputs {
  std::vector<std::string> raw, filtered;
  std::vector<model::Report> reports;

  Inputs() {
    for (int i = 0; i < kSamples; ++i) {
      raw.push_back(sandboxd::replay::MadeUpReport(static_cast<std::uint64_t>(i), kReportBytes));
      reports.push_back(Must(report::ReadAll(raw.back())).report);
      reports.back().md5 = "d41d8cd98f00b204e9800998ecf8427e";  // without one there is nothing to judge
      filtered.push_back(model::ToJson(reports.back()));
    }
  }
};

void MeasureReports(const Inputs& inputs, const rules::RuleSet& rules) {
  const auto at = [](int sample) { return static_cast<std::size_t>(sample); };
  Measure("scan and model", [&](int, int sample) { Must(report::ReadAll(inputs.raw[at(sample)])); });
  Measure("filtered JSON out", [&](int, int sample) { (void)model::ToJson(inputs.reports[at(sample)]); });
  fmt::print("| (size of the filtered document in bytes) | {} |\n", inputs.filtered.front().size());
  Measure("filtered JSON in",
          [&](int, int sample) { Must(model::ReportFromJson(inputs.filtered[at(sample)])); });
  Measure("rules",
          [&](int, int sample) { (void)rules::Evaluate(rules, inputs.reports[at(sample)], rules::Lists{}); });
}

void MeasureStores(const Inputs& inputs, const TempDir& folder) {
  samples::folder::FolderSampleStore samples(folder / "samples");
  Measure("folder: one sample stored", [&](int run, int sample) {
    Must(samples.Put(fmt::format("{} {} {}", run, sample, std::string(4'000, 'x'))));
  });
  const auto writer = std::make_shared<sqlite::Writer>(folder / "bench.db");
  store::sqlite::SqliteStore store(writer, writer);
  Measure("SQLite: one report stored", [&](int run, int sample) {
    store::StoredReport report;
    report.id = Sha256Hex(fmt::format("{} {}", run, sample));
    report.document = inputs.filtered[static_cast<std::size_t>(sample)];
    Must(store.Reports().Put(std::span(&report, 1)));
  });
  broker::sqlite::SqliteBroker broker(*writer);
  broker::QueueShape queue;
  queue.name = "bench";
  Must(broker.Declare(queue));
  const auto source = Must(broker.Consume({{"bench"}, 10}));
  Measure("SQLite: one hop of one message", [&](int, int) {
    const broker::Outgoing message{"bench", std::string(1'000, 'm'), {}};
    Must(broker.Publish(std::span(&message, 1)));
    const auto taken = source->Take(1, Millis{1'000});
    const broker::Settlement settlement{taken.at(0).id, {}};
    Must(source->Settle(std::span(&settlement, 1)));
  });
}

}  // namespace
}  // namespace brood

int main(int argc, char** argv) {
  using namespace brood;
  if (argc != 2) {
    fmt::print(stderr, "usage: brood_steps RULES_FOLDER\n");
    return 2;
  }
  const auto rules = Must(rules::LoadFolder(argv[1]));
  const Inputs inputs;
  const TempDir folder;
  fmt::print("| step, alone on one thread | CPU µs per sample |\n| --- | --- |\n");
  MeasureReports(inputs, rules);
  MeasureStores(inputs, folder);
  return 0;
}
