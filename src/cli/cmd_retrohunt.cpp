#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "cli/context.hpp"
#include "cli/open_store.hpp"
#include "cli/signals.hpp"
#include "cli/table.hpp"
#include "feeds/lists_in_force.hpp"
#include "retrohunt/hunt.hpp"
#include "rules/check.hpp"
#include "rules/folder.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;
using retrohunt::Outcome;

struct Options {
  bool dry_run = false;
  bool restart = false;
  std::size_t workers = 2;
};

/// The records that the services of this installation use; none is made where there is none.
std::unique_ptr<store::Store> OpenReports(const Settings& settings, Clock& clock, metrics::Registry& metrics) {
  const auto reports = settings.general.state_dir / "reports.db";
  std::error_code error;
  if (settings.store.kind == store::opensearch::Kind::kSqlite && !std::filesystem::exists(reports, error)) {
    throw std::runtime_error(fmt::format(
        "there are no reports: {} is not there; brood.state_dir names the folder of an installation",
        reports.string()));
  }
  return OpenStore(settings, clock, metrics);
}

/// As the services compile them. On a problem all are printed.
std::optional<rules::RuleSet> LoadRules(const Settings& settings) {
  rules::Options options;
  options.blacklist_score = settings.rules.blacklist_score;
  options.score_per = settings.rules.score_per;
  options.cache_folder = settings.general.state_dir / rules::kCacheFolder;
  auto rules = rules::LoadFolder(settings.rules.folder, options);
  if (rules) return std::move(*rules);
  fmt::print(stderr, "{}", rules::FormatProblems(rules.error()));
  return std::nullopt;
}

/// "1 h 12 min", "3 min 20 s", "14 s".
std::string Roughly(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole >= 3'600) return fmt::format("{} h {} min", whole / 3'600, whole % 3'600 / 60);
  if (whole >= 60) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

/// One line on a terminal, rewritten a few times a second.
class ProgressLine {
 public:
  ~ProgressLine() { Clear(); }

  void Show(const retrohunt::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || (shown_ && now - last_ < Millis{200})) return;
    last_ = now;
    shown_ = true;
    std::string line = fmt::format("\r{} of {} reports", progress.done, progress.all);
    const double seconds = Seconds();
    const auto read = static_cast<double>(progress.done - progress.before);
    if (read > 0 && seconds > 1) {
      const double rate = read / seconds;
      line += fmt::format(", {:.0f} a second, {} left", rate,
                          Roughly(static_cast<double>(progress.all - progress.done) / rate));
    }
    fmt::print(stderr, "{}\x1b[K", line);
    std::fflush(stderr);
  }
  void Clear() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
    shown_ = false;
  }
  [[nodiscard]] double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }

 private:
  const bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_;
  bool shown_ = false;
};

/// Each line of a change made printable by itself.
void PrintLines(std::string_view text) {
  for (;;) {
    const std::size_t end = text.find('\n');
    fmt::print("{}\n", Printable(text.substr(0, end)));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void PrintSummary(const Outcome& outcome, const Options& options, double seconds) {
  const char* would = options.dry_run ? "to be " : "";
  fmt::print(
      "{} reports read in {:.1f} s: {} entries {}added, {} {}changed, {} {}removed, {} stay as they are\n",
      outcome.reports, seconds, outcome.added, would, outcome.changed, would, outcome.removed, would,
      outcome.unchanged);
  const auto also = [](std::uint64_t count, const char* what) {
    if (count > 0) fmt::print("{} {}\n", count, what);
  };
  also(outcome.before, "of the reports were read before, when the hunt was ended");
  also(outcome.of_people, "entries were left alone: a person or an import put them there");
  also(outcome.no_report, "entries stay: no stored report names them any more, or it cannot be judged");
  also(outcome.meanwhile, "entries were left alone: they changed while the hunt ran");
  also(outcome.unreadable, "reports are damaged and could not be read: see the log");
  also(outcome.doubtful, "reports hit a limit of the rules; nothing was removed because of them: see the log");
}

void PrintSummaryJson(const Outcome& outcome, const Options& options, double seconds) {
  fmt::print("{}\n", json::serialize(json::object{{"finished", outcome.finished},
                                                  {"dry_run", options.dry_run},
                                                  {"reports", outcome.reports},
                                                  {"read_before", outcome.before},
                                                  {"seconds", seconds},
                                                  {"added", outcome.added},
                                                  {"changed", outcome.changed},
                                                  {"removed", outcome.removed},
                                                  {"unchanged", outcome.unchanged},
                                                  {"of_people", outcome.of_people},
                                                  {"no_report", outcome.no_report},
                                                  {"meanwhile", outcome.meanwhile},
                                                  {"unreadable", outcome.unreadable},
                                                  {"doubtful", outcome.doubtful}}));
}

retrohunt::Settings HuntSettings(const Settings& settings, const Options& options, const rules::RuleSet& rules,
                                 std::int64_t generation) {
  using Hunt = retrohunt::Settings;
  Hunt hunt;
  hunt.mode = options.dry_run ? Hunt::Mode::kDryRun : Hunt::Mode::kApply;
  hunt.start = options.restart ? Hunt::Start::kAnew : Hunt::Start::kGoOn;
  hunt.workers = options.workers;
  hunt.journal = settings.general.state_dir / (options.dry_run ? "retrohunt.dry_run" : "retrohunt");
  hunt.basis =
      fmt::format("rules {} score {} per {} lists {}", rules.Fingerprint(), settings.rules.blacklist_score,
                  static_cast<int>(settings.rules.score_per), generation);
  return hunt;
}

std::int64_t GenerationOf(store::Store& store) {
  const auto generation = store.Lists().Generation();
  if (!generation) throw std::runtime_error(generation.error().what);
  return *generation;
}

int Report(const Context& context, const Options& options, const Outcome& outcome, double seconds) {
  if (context.json) {
    PrintSummaryJson(outcome, options, seconds);
  } else if (outcome.finished) {
    PrintSummary(outcome, options, seconds);
  }
  if (outcome.finished) return kOk;
  fmt::print(stderr, "stopped behind {} reports; the same command goes on from there, --restart begins anew\n",
             outcome.reports);
  return kFailed;
}

int Run(const Context& context, const Options& options) {
  const Settings& settings = context.settings;
  SystemClock clock;
  metrics::Registry metrics;
  const auto store = OpenReports(settings, clock, metrics);
  const auto rules = LoadRules(settings);
  if (!rules) return kFailed;
  const std::int64_t generation = GenerationOf(*store);
  const auto lists = feeds::ListsInForce(store->Lists(), clock).Current();

  ProgressLine progress;
  retrohunt::Told told;
  told.progress = [&](const retrohunt::Progress& now) { progress.Show(now); };
  told.change = [&](const retrohunt::Change& change) {
    progress.Clear();
    if (context.json) {
      fmt::print("{}\n", retrohunt::ToJson(change));
    } else {
      PrintLines(retrohunt::ToText(change));
    }
  };
  told.stop = [] { return StopRequested(); };
  const auto outcome = retrohunt::Hunt(store->Reports(), store->Blacklist(), *rules, lists, clock,
                                       HuntSettings(settings, options, *rules, generation), told);
  progress.Clear();
  if (!outcome) {
    fmt::print(stderr, "brood: {}\n", brood::Describe(outcome.error()));
    return kFailed;
  }
  if (GenerationOf(*store) != generation)
    fmt::print(stderr, "the lists have changed while the hunt ran: it used those of its beginning\n");
  return Report(context, options, *outcome, progress.Seconds());
}

}  // namespace

void AddRetrohunt(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("retrohunt", "Applies changed rules or lists to all stored reports");
  command->footer(
      "Prints each change of the blacklist: a line with + is or becomes an entry, one with - was one. Entries\n"
      "that a person or an import made are left alone, and so are those whose reports are gone. The services "
      "may\n"
      "run meanwhile. Ended in the middle, by Ctrl-C or a crash, the same command goes on where it stood.\n"
      "Examples: brood retrohunt --dry-run\n"
      "          brood retrohunt --json > changes.jsonl\n"
      "Exit code 0: done, whatever was changed. 1: it could not be done, or was stopped.");
  auto options = std::make_shared<Options>();
  command->add_flag("--dry-run", options->dry_run, "Only show what would change");
  command->add_flag("--restart", options->restart, "Begin anew instead of going on with a hunt that was ended");
  command->add_option("--workers", options->workers, "Threads that apply rules at once")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->callback(
      [&context, options] { context.exit_code = context.LoadSettings() ? Run(context, *options) : kUsage; });
  context.waiting.push_back(command);
}

}  // namespace brood::cli
