// How fast stored reports are judged anew, beside only reading them, in the same run: made-up reports, one in a
// hundred of which the rules list, in the SQLite store.
//   brood_retrohunt RULES_FOLDER FOLDER [REPORTS [BYTES [WORKERS [ROUNDS]]]]
// FOLDER gets the store and is emptied first; 100,000 reports of 50,000 bytes are 5 GB.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <vector>

#include "base/digest.hpp"
#include "base/unique_fd.hpp"
#include "model/report_json.hpp"
#include "report/reader.hpp"
#include "retrohunt/hunt.hpp"
#include "rules/folder.hpp"
#include "sandboxd/replay/made_up_json.hpp"
#include "sqlite/writer.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace brood {
namespace {

constexpr int kBases = 500;  // different reports; each stored one has a name of its own
constexpr std::size_t kTogether = 64;

template <class Result>
auto Must(Result result) {
  if (!result) throw std::runtime_error("a step failed");
  if constexpr (requires { *result; }) return std::move(*result);
}

double Seconds(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

std::vector<model::Report> MakeBases(std::size_t bytes) {
  std::vector<model::Report> bases;
  for (int i = 0; i < kBases; ++i)
    bases.push_back(
        Must(report::ReadAll(sandboxd::replay::MadeUpReport(static_cast<std::uint64_t>(i), bytes))).report);
  return bases;
}

store::StoredReport MakeStored(const model::Report& base, int number) {
  model::Report report = base;
  report.sha256 = Sha256Hex(fmt::format("retrohunt {}", number));
  report.md5 = report.sha256.substr(0, 32);
  report.vt_matched = number % 100 == 0 ? 40 : 0;  // enough alone for the rules that ship
  return {report.sha256, {Time{Millis{1}}, "run"}, {}, Time{Millis{1}}, true, model::ToJson(report)};
}

void Load(store::Store& store, int reports, std::size_t bytes) {
  const auto bases = MakeBases(bytes);
  std::vector<store::StoredReport> batch;
  const double seconds = Seconds([&] {
    for (int i = 0; i < reports; ++i) {
      batch.push_back(MakeStored(bases[static_cast<std::size_t>(i % kBases)], i));
      if (batch.size() < kTogether && i + 1 < reports) continue;
      Must(store.Reports().Put(batch));
      batch.clear();
    }
  });
  fmt::print("{} reports loaded in {:.1f} s, {:.0f} a second, making them included\n", reports, seconds,
             reports / seconds);
}

std::uintmax_t SizeOf(const std::filesystem::path& folder) {
  std::uintmax_t size = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) size += file.file_size();
  return size;
}

/// Every page as a hunt asks for it, and nothing done with it; or with its documents decoded.
enum class Reading { kDocuments, kModels };

std::size_t ReadAll(store::Store& store, Reading reading) {
  std::size_t count = 0;
  store::Page page{retrohunt::Settings().page, {}};
  do {
    auto listing = Must(store.Reports().Scan(page));
    count += listing.items.size();
    for (const auto& item : listing.items) {
      if (reading == Reading::kModels) Must(model::ReportFromJson(item.document));
    }
    page.after = std::move(listing.next);
  } while (!page.after.empty());
  return count;
}

retrohunt::Outcome HuntOnce(store::Store& store, const rules::RuleSet& rules,
                            const std::filesystem::path& folder, std::size_t workers,
                            retrohunt::Settings::Mode mode) {
  retrohunt::Settings settings;
  settings.journal = folder / "journal";
  settings.mode = mode;
  settings.workers = workers;
  const retrohunt::Told told{[](const auto&) {}, [](const auto&) {}, [] { return false; }};
  const SystemClock clock;
  return Must(retrohunt::Hunt(store.Reports(), store.Blacklist(), rules, std::make_shared<rules::Lists>(),
                              clock, settings, told));
}

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Drops the files from the page cache, so that they are read from the disk.
void Forget(const std::filesystem::path& folder) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const UniqueFd fd(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fdatasync(fd.Get()) != 0 || ::posix_fadvise(fd.Get(), 0, 0, POSIX_FADV_DONTNEED) != 0)
      throw std::runtime_error("a file stays in memory");
  }
}

double Median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// One way of going over all reports.
struct Way {
  const char* name;
  std::function<void()> work;
  std::vector<double> rates = {}, cpu_micros = {};  ///< a second; a report
};

void Measure(const char* where, std::vector<Way> ways, int reports, int rounds,
             const std::function<void()>& before) {
  for (int round = 0; round < rounds; ++round) {
    for (Way& way : ways) {
      before();
      const double cpu = CpuSeconds();
      way.rates.push_back(reports / Seconds(way.work));
      way.cpu_micros.push_back((CpuSeconds() - cpu) / reports * 1e6);
    }
  }
  const double read = Median(ways.front().rates);
  for (const Way& way : ways) {
    const double rate = Median(way.rates);
    fmt::print("| {} | {} | {:.0f} | {:.2f} | {:.0f} |\n", where, way.name, rate, rate / read,
               Median(way.cpu_micros));
  }
}

void Run(const std::filesystem::path& rules_folder, const std::filesystem::path& folder, int reports,
         std::size_t bytes, std::size_t workers, int rounds) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const auto rules = Must(rules::LoadFolder(rules_folder));
  {
    store::sqlite::SqliteStore store(
        std::make_shared<sqlite::Writer>(folder / "brood.db"),
        std::make_shared<sqlite::Writer>(folder / "reports.db", sqlite::WriterSettings{.page_bytes = 16'384}));
    Load(store, reports, bytes);
    fmt::print("{:.0f} MB on the disk\n", static_cast<double>(SizeOf(folder)) / 1e6);
    const std::vector<Way> ways = {
        {"read", [&] { (void)ReadAll(store, Reading::kDocuments); }},
        {"read into the model", [&] { (void)ReadAll(store, Reading::kModels); }},
        {"hunted", [&] { (void)HuntOnce(store, rules, folder, workers, retrohunt::Settings::Mode::kDryRun); }}};
    fmt::print("| from | | reports/s | of reading | CPU µs a report |\n| --- | --- | --- | --- | --- |\n");
    Measure("memory", ways, reports, rounds, [] {});
    Measure("the disk", ways, reports, rounds, [&] { Forget(folder); });
    const auto outcome = HuntOnce(store, rules, folder, workers, retrohunt::Settings::Mode::kApply);
    fmt::print("applied: {} added, {} changed, {} removed\n", outcome.added, outcome.changed, outcome.removed);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace brood

int main(int argc, char** argv) {
  if (argc < 3 || argc > 7) {
    fmt::print(stderr, "usage: brood_retrohunt RULES_FOLDER FOLDER [REPORTS [BYTES [WORKERS [ROUNDS]]]]\n");
    return 2;
  }
  const auto number = [&](int i, int otherwise) {
    return argc > i ? std::max(std::atoi(argv[i]), 1) : otherwise;
  };
  brood::Run(argv[1], argv[2], number(3, 100'000), static_cast<std::size_t>(number(4, 50'000)),
             static_cast<std::size_t>(number(5, 2)), number(6, 3));
  return 0;
}
