#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/secret.hpp"
#include "config/section.hpp"
#include "metrics/registry.hpp"

namespace brood::sandboxd {

enum class EngineKind { kStatic, kReplay };

/// Which server's manners the answers have.
enum class Persona {
  kBrood,    ///< 2.0.7's answers over kept-alive HTTP/1.1, many requests at once
  kCuckoo2,  ///< 2.0.7: HTTP/1.0, closes, one request at a time
  kCuckoo1,  ///< 1.2: the same with HTML errors, no owner, lists that are always empty, no disk space
};

/// Faults on request: each is a share of tasks or requests from 0 to 1, drawn from the seed.
struct Faults {
  double failed = 0;              ///< tasks that end as failed_analysis
  double recovered = 0;           ///< tasks that are replaced by a new id once
  double no_report = 0;           ///< tasks that say reported and have no report
  double missing_from_lists = 0;  ///< tasks that no list ever shows
  double server_error = 0;        ///< requests answered 500 with an HTML page
  double cut_report = 0;          ///< report answers that end in the middle
  double slow = 0;                ///< answers delayed by slow_for
  double stalled = 0;             ///< report answers that stop in the middle for slow_for
  double never_ends = 0;          ///< tasks that run for ever; they leave their machine to others
  double truncated_report = 0;    ///< report answers whose document ends early, of the length they claim
  double lost_answer = 0;         ///< requests that are done, and then the connection closes without an answer
  Millis slow_for{2'000};
  /// Whether an upload may ask for faults of its own: `fault=no_report` in its options, or such a word in its
  /// file name; several are joined by '+'. For tests: else a sample could keep itself from being looked at.
  bool on_request = false;
};

/// `[sandboxd]`, settings of `brood sandbox`.
struct Settings {
  std::string listen_ip = "127.0.0.1";
  std::uint16_t listen_port = 8090;
  EngineKind engine = EngineKind::kStatic;
  Persona persona = Persona::kBrood;
  std::filesystem::path storage = "brood-sandbox";  ///< uploaded samples, reports, the journal of tasks
  Secret token;                                     ///< empty: no authorization
  int machines = 4;                                 ///< tasks at once
  Millis duration{0};                               ///< what a task takes at least
  Millis processing{0};                             ///< how long it is completed before it is reported
  std::uint64_t seed = 1;
  std::filesystem::path reports;  ///< replay: folder of recorded reports (*.json, *.json.gz); empty: made up
  std::size_t report_bytes = 50'000;    ///< replay without a folder: size of a report that is made up
  std::uint64_t first_id = 1;           ///< ids start again here when the storage is new
  std::vector<std::string> yara_rules;  ///< files or folders, beside the rules that ship
  Faults faults;
  int threads = 2;
  std::size_t max_upload = std::size_t{256} << 20;
};

[[nodiscard]] config::Section Describe(Settings& settings);

/// The sandbox that ships: Cuckoo's REST API over an engine that needs no virtual machine. The static engine
/// truly looks at the file and never runs it; the replay engine answers with recorded reports. Tasks survive a
/// restart.
class Sandboxd {
 public:
  Sandboxd(Settings settings, metrics::Registry& metrics, Clock& clock);
  ~Sandboxd();
  Sandboxd(const Sandboxd&) = delete;
  Sandboxd& operator=(const Sandboxd&) = delete;

  /// The port it listens on.
  [[nodiscard]] Expected<std::uint16_t, Error> Start();
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brood::sandboxd
