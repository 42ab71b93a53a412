#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "cli/context.hpp"
#include "cli/open_store.hpp"
#include "cli/reach_engine.hpp"
#include "cli/table.hpp"
#include "http/url.hpp"
#include "transfer/dump.hpp"
#include "transfer/engine_pages.hpp"
#include "transfer/taker.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;
using transfer::Count;

struct Options {
  std::vector<std::string> files;
  std::string from, prefix;
  bool dry_run = false;
};

/// What could not be taken, told as it comes, the first ones of it.
class BadOnes {
 public:
  void Tell(const std::string& place, const std::string& why) {
    constexpr std::uint64_t kToldAtMost = 20;
    if (++count_ <= kToldAtMost) fmt::print(stderr, "{}: {}, left out\n", Printable(place), Printable(why));
    if (count_ == kToldAtMost + 1) fmt::print(stderr, "there is more that is left out; it is counted\n");
  }
  [[nodiscard]] std::uint64_t Counted() const { return count_; }

 private:
  std::uint64_t count_ = 0;
};

class Import {
 public:
  Import(const Context& context, const Options& options)
      : context_(context),
        options_(options),
        store_(options.dry_run ? nullptr : OpenStore(context.settings, clock_, metrics_)),
        taker_(store_.get()) {}

  int Run() {
    if (options_.from.empty()) {
      for (const std::string& file : options_.files) FromFile(file);
    } else {
      FromEngine();
    }
    Must(taker_.Finish());
    context_.json ? PrintJson() : PrintTable();
    return bad_.Counted() == 0 ? kOk : kFailed;
  }

 private:
  static void Must(const store::Result<void>& done) {
    if (!done) throw std::runtime_error(Describe(store::ToError(done.error())));
  }
  template <class T>
  static T Must(Expected<T, Error> answer) {
    if (!answer) throw std::runtime_error(Describe(answer.error()));
    return std::move(*answer);
  }

  store::Result<void> Take(transfer::Record record) { return taker_.Take(std::move(record)); }

  void FromFile(const std::string& file) {
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : opened;
    if (!in) throw std::runtime_error(fmt::format("cannot read {}", file));
    std::error_code error;
    const auto size = file == "-" ? 0 : std::filesystem::file_size(file, error);
    Progress progress("bytes");
    std::size_t read = 0, shown = 0;
    Must(transfer::ReadDump(
        in, options_.prefix, [this](transfer::Record record) { return Take(std::move(record)); },
        [&](const std::string& line, const std::string& why) { bad_.Tell(file + ":" + line, why); },
        [&](std::size_t bytes) {
          read += bytes;
          if (read < shown + kShowEach) return;
          shown = read;
          progress.Show(read, std::max<std::size_t>(size, read));
        }));
    if (in.bad()) throw std::runtime_error(fmt::format("{} cannot be read to its end", file));
  }

  void FromEngine() {
    const auto client = MakeEngineClient(context_.settings.store);
    transfer::EnginePages engine(*client, options_.from);
    const std::string version = Must(engine.Version());
    if (!context_.json) fmt::print("from {} at {}\n", version, http::ShownUrl(options_.from));
    std::size_t there = 0;
    for (const char* index : {"hashes", "queue", "blacklist", "whitelist", "third_party_blacklist"}) {
      Progress progress(index);
      const bool exists = Must(engine.Read(
          index, options_.prefix, [this](transfer::Record record) { return Take(std::move(record)); },
          [this](const std::string& place, const std::string& why) { bad_.Tell(place, why); },
          [&progress](transfer::EnginePages::Progress at) { progress.Show(at.done, at.all); }));
      there += exists ? 1 : 0;
      if (!exists) fmt::print(stderr, "there is no index {}{}\n", options_.prefix, index);
    }
    if (there == 0) throw std::runtime_error("none of the indices is there: see --index-prefix");
  }

  [[nodiscard]] std::array<std::pair<const char*, Count>, 4> Rows() const {
    const auto& counts = taker_.Counted();
    return {{{"hashes", counts.hashes},
             {"blacklist", counts.blacklist},
             {"whitelist", counts.whitelist},
             {"third_party_blacklist", counts.third_party}}};
  }

  void PrintJson() const {
    json::object line;
    for (const auto& [name, count] : Rows())
      line[name] = json::object{{"read", count.read}, {"new", count.taken}};
    json::object left;
    for (const auto& [index, count] : taker_.Counted().left) left[index] = count;
    line["waiting"] = taker_.Counted().waiting;
    line["left"] = std::move(left);
    line["bad"] = bad_.Counted();
    line["dry_run"] = options_.dry_run;
    fmt::print("{}\n", json::serialize(line));
  }

  void PrintTable() const {
    Table table({"RECORDS", "READ", "NEW"});
    for (const auto& [name, count] : Rows()) {
      table.Add({name, std::to_string(count.read), options_.dry_run ? "-" : std::to_string(count.taken)});
    }
    fmt::print("{}", table.Render());
    if (const auto waiting = taker_.Counted().waiting; waiting > 0)
      fmt::print("{} samples wait in the queue there: each is analysed when it is seen again\n", waiting);
    for (const auto& [index, count] : taker_.Counted().left) {
      fmt::print("{} documents of the index {} are not imported\n", count, Printable(index));
    }
    if (bad_.Counted() > 0) fmt::print("{} could not be read and are left out\n", bad_.Counted());
    if (options_.dry_run) fmt::print("This was a dry run: nothing is written.\n");
  }

  static constexpr std::size_t kShowEach = std::size_t{1} << 20;
  const Context& context_;
  const Options& options_;
  SystemClock clock_;
  metrics::Registry metrics_;
  std::unique_ptr<store::Store> store_;
  transfer::Taker taker_;
  BadOnes bad_;
};

}  // namespace

void AddImport(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "import", "Takes hashes, blacklist, whitelist and third-party lists of another installation");
  command->footer(
      "From the Elasticsearch of the DFI blacklisting system (1.x to 7.x), from brood's indices, or from a "
      "dump:\n"
      "one document a line, as `brood export` and elasticdump write it. What stands here already stays, of a\n"
      "hash the greater counter, so that it may be repeated. What cannot be read is told and left out; the "
      "exit\n"
      "code is 1 then.\n"
      "Examples: brood import --dry-run --from http://10.0.0.5:9200\n"
      "          brood import hashes.json blacklist.json whitelist.json third_party_blacklist.json");
  auto options = std::make_shared<Options>();
  auto* files = command->add_option("FILE", options->files, "Dumps; - is standard input");
  command
      ->add_option("--from", options->from, "The URL of the engine, with user:password@ where it wants a login")
      ->excludes(files);
  command->add_option("--index-prefix", options->prefix, "Stands in front of the names of the indices there");
  command->add_flag("--dry-run", options->dry_run, "Read and check all of it, and write nothing");
  command->callback([&context, options] {
    if (options->files.empty() == options->from.empty()) {
      fmt::print(stderr, "brood import: name a dump, or an engine with --from\n");
      context.exit_code = kUsage;
      return;
    }
    if (const auto url = http::ParseUrl(options->from); !options->from.empty() && !url) {
      fmt::print(stderr, "brood import: --from: {}\n", url.error());
      context.exit_code = kUsage;
      return;
    }
    context.exit_code = context.LoadSettings() ? Import(context, *options).Run() : kUsage;
  });
}

}  // namespace brood::cli
