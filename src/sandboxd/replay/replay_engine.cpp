#include "sandboxd/replay/replay_engine.hpp"

#include <charconv>
#include <vector>

#include "sandboxd/replay/made_up_json.hpp"
#include "sandboxd/replay/recorded_report.hpp"
#include "sandboxd/replay/report_shelf.hpp"

namespace brood::sandboxd::replay {
namespace {

constexpr std::size_t kVariants = 16;                         // of made-up reports
constexpr std::size_t kVariantBytes = std::size_t{64} << 20;  // of all of them together, roughly

/// A rough type from the first bytes: a replayed report is not about the file anyway, and libmagic would cost
/// more than all the rest.
std::string RoughType(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  if (bytes.starts_with("MZ")) return "MS-DOS executable";
  if (bytes.starts_with("\x7f"
                        "ELF"))
    return "ELF";
  if (bytes.starts_with("%PDF")) return "PDF document";
  if (bytes.starts_with("PK\x03\x04")) return "Zip archive data";
  for (const char c : bytes.substr(0, 512)) {
    if ((c < ' ' || c > '~') && c != '\n' && c != '\r' && c != '\t') return "data";
  }
  return "ASCII text";
}

class ReplayEngine : public Engine {
 public:
  std::string_view Name() const override { return "replay"; }
  bool WantsSamples() const override { return false; }
  std::string TypeOf(std::string_view bytes) override { return RoughType(bytes); }
  Expected<void, Error> Analyse(const Task&) override { return {}; }
  void Forget(std::int64_t) override {}
};

class RecordedEngine final : public ReplayEngine {
 public:
  explicit RecordedEngine(std::uint64_t seed) : seed_(seed) {}
  Expected<void, Error> Open(const std::filesystem::path& folder) { return shelf_.Open(folder); }

  Expected<ReportBody, Error> Report(const Task& task) override {
    const std::string sha256 = task.sample ? task.sample->digests.sha256 : std::string();
    const auto report = shelf_.Choose(sha256, seed_ + static_cast<std::uint64_t>(task.id));
    if (!report) return Unexpected(report.error());
    return ReportBody{(*report)->For(task), {}};
  }

 private:
  const std::uint64_t seed_;
  ReportShelf shelf_;
};

class MadeUpEngine final : public ReplayEngine {
 public:
  MadeUpEngine(std::uint64_t seed, std::size_t bytes) {
    const std::size_t fitting = std::max<std::size_t>(kVariantBytes / std::max<std::size_t>(bytes, 1), 1);
    for (std::size_t i = 0; i < std::min(kVariants, fitting); ++i) {
      variants_.push_back(std::make_unique<RecordedReport>(MadeUpReport(seed * kVariants + i, bytes)));
    }
  }

  Expected<ReportBody, Error> Report(const Task& task) override {
    auto number = static_cast<std::uint64_t>(task.id);
    if (task.sample) {
      const std::string& sha256 = task.sample->digests.sha256;
      std::from_chars(sha256.data(), sha256.data() + 8, number, 16);
    }
    return ReportBody{variants_[number % variants_.size()]->For(task), {}};
  }

 private:
  std::vector<std::unique_ptr<RecordedReport>> variants_;
};

}  // namespace

Expected<std::unique_ptr<Engine>, Error> MakeReplayEngine(const ReplayOptions& options) {
  if (options.reports.empty()) return std::make_unique<MadeUpEngine>(options.seed, options.report_bytes);
  auto engine = std::make_unique<RecordedEngine>(options.seed);
  if (auto opened = engine->Open(options.reports); !opened) return Unexpected(opened.error());
  return engine;
}

}  // namespace brood::sandboxd::replay
