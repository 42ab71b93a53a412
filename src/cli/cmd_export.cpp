#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/open_store.hpp"
#include "transfer/export.hpp"

namespace brood::cli {
namespace {

/// Standard output, or a file that is there under its name once it is complete.
class Output {
 public:
  explicit Output(std::filesystem::path file) : file_(std::move(file)) {
    if (file_.empty()) return;
    part_ = file_.string() + ".part";
    own_.reset(std::fopen(part_.c_str(), "wxe"));
    if (!own_) throw std::runtime_error(fmt::format("cannot make {}", part_.string()));
  }
  ~Output() {
    std::error_code error;
    if (own_) std::filesystem::remove(part_, error);
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void Write(std::string_view line) {
    std::FILE* out = own_ ? own_.get() : stdout;
    if (std::fwrite(line.data(), 1, line.size(), out) != line.size()) Fail();
  }
  void Finish() {
    if (!own_) return;
    if (std::fclose(own_.release()) != 0) Fail();
    std::filesystem::rename(part_, file_);
  }

 private:
  void Fail() const {
    throw std::runtime_error(fmt::format("cannot write {}", file_.empty() ? "the output" : part_.string()));
  }
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path file_, part_;
  std::unique_ptr<std::FILE, Close> own_;
};

int Run(const Context& context, const std::string& file) {
  SystemClock clock;
  metrics::Registry metrics;
  const auto store = OpenStore(context.settings, clock, metrics);
  Output output(file);
  const auto exported = transfer::Export(*store, [&output](std::string_view line) { output.Write(line); });
  if (!exported) throw std::runtime_error(Describe(store::ToError(exported.error())));
  output.Finish();
  fmt::print(stderr, "{} hashes, {} entries of the blacklist, {} of the whitelist, {} of third-party lists\n",
             exported->hashes, exported->blacklist, exported->whitelist, exported->third_party);
  return kOk;
}

}  // namespace

void AddExport(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "export", "Writes hashes, blacklist, whitelist and third-party lists as the lines of a dump");
  command->footer(
      "One document a line, {\"_index\", \"_type\", \"_id\", \"_source\"}, in the shape of the DFI "
      "blacklisting\n"
      "system: `brood import` and elasticdump read it. Services may run meanwhile.\n"
      "Example: brood export --output records.json");
  auto file = std::make_shared<std::string>();
  command->add_option("-o,--output", *file, "The file to write (default: standard output)")
      ->check(CLI::NonexistentPath);
  command->callback(
      [&context, file] { context.exit_code = context.LoadSettings() ? Run(context, *file) : kUsage; });
}

}  // namespace brood::cli
