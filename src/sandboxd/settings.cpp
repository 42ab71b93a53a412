#include "sandboxd/sandboxd.hpp"

namespace brood::sandboxd {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMostMachines = 256;
constexpr std::int64_t kMostThreads = 64;

void DescribeFaults(config::Section& section, Faults& faults) {
  const auto share = [&section](const char* key, double& bound, const char* sentence) {
    section.Real(std::string("fault_") + key, bound, {.min = 0.0, .max = 1.0}, sentence);
  };
  share("failed", faults.failed, "Share of tasks that end as failed_analysis.");
  share("recovered", faults.recovered, "Share of tasks that are replaced by a new id once.");
  share("no_report", faults.no_report, "Share of tasks that say reported and have no report.");
  share("missing_from_lists", faults.missing_from_lists, "Share of tasks that no list ever shows.");
  share("never_ends", faults.never_ends, "Share of tasks that run for ever.");
  share("server_error", faults.server_error, "Share of requests answered 500 with an HTML page.");
  share("lost_answer", faults.lost_answer, "Share of requests that are done and never answered.");
  share("slow", faults.slow, "Share of answers that come late.");
  share("cut_report", faults.cut_report, "Share of report answers whose connection breaks in the middle.");
  share("truncated_report", faults.truncated_report, "Share of report answers whose document ends early.");
  share("stalled", faults.stalled, "Share of report answers that stop in the middle for a while.");
  section.Duration("fault_slow_for", faults.slow_for, {0s, 1h}, "How late slow and stalled answers are.");
  section.Bool("faults_on_request", faults.on_request,
               "Whether an upload may ask for faults: fault=no_report in its options or its name.");
}

}  // namespace

config::Section Describe(Settings& settings) {
  config::Section section("sandboxd", "The sandbox that ships: `brood sandbox`.");
  section.Text("listen_ip", settings.listen_ip, "Address to listen on.")
      .Int("listen_port", settings.listen_port, {.min = 0, .max = 65'535},
           "Port to listen on; 0 = any free one.")
      .Choice("engine", settings.engine, {{"static", EngineKind::kStatic}, {"replay", EngineKind::kReplay}},
              "What makes the reports: static looks at the file, replay answers with recorded reports.")
      .Choice("persona", settings.persona,
              {{"brood", Persona::kBrood}, {"cuckoo2", Persona::kCuckoo2}, {"cuckoo1", Persona::kCuckoo1}},
              "Whose manners the answers have: brood is Cuckoo 2.0.7 over connections that stay open.")
      .Path("storage", settings.storage, "Folder of uploaded samples, reports and the journal of tasks.")
      .Secret("token", settings.token, "Token that every request must bear; empty = none.")
      .Int("machines", settings.machines, {.min = 1, .max = kMostMachines}, "Tasks at once.")
      .Duration("duration", settings.duration, {0s, 24h}, "What a task takes at least.")
      .Duration("processing", settings.processing, {0s, 1h},
                "How long a task is completed, with its machine free, before it is reported.")
      .Int("seed", settings.seed, {.min = 0}, "Decides what is drawn: faults, and which report is replayed.")
      .Path("reports", settings.reports, "Replay: folder of recorded reports; empty = reports are made up.")
      .Bytes("report_bytes", settings.report_bytes, {.min = 1'000, .max = 1'000'000'000},
             "Replay without a folder: size of the reports that are made up.")
      .TextList("yara_rules", settings.yara_rules, "YARA rule files or folders, beside the rules that ship.")
      .Int("first_id", settings.first_id, {.min = 1}, "First task id of a new storage folder.")
      .Int("threads", settings.threads, {.min = 1, .max = kMostThreads}, "Threads that answer requests.")
      .Bytes("max_upload", settings.max_upload, {.min = 1'000}, "Largest request that is taken.");
  DescribeFaults(section, settings.faults);
  return section;
}

}  // namespace brood::sandboxd
