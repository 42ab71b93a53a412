#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <CLI/CLI.hpp>

#include "base/memory.hpp"
#include "cli/context.hpp"
#include "cli/report_show.hpp"
#include "cli/report_source.hpp"
#include "model/report_json.hpp"

namespace brood::cli {
namespace {

int Failed(const std::string& file, std::string_view why) {
  fmt::print(stderr, "brood: {}: {}\n", file, why);
  return kFailed;
}

void Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw std::system_error(errno, std::generic_category(), "cannot write the output");
}

int Filter(const std::string& file) {
  const auto read = ReadReport(file);
  if (!read) return Failed(file, Describe(read.error()));
  LetGoOfProgramPages();  // and reading is over
  model::WriteJson(read->report, Print);
  Print("\n");
  return kOk;
}

int Show(const std::string& file) {
  const auto read = ReadReport(file);
  if (!read) return Failed(file, Describe(read.error()));
  if (!read->facts.has_sections) return Failed(file, "this is JSON, but no sandbox report");
  Print(ShowReport(*read, TerminalStyle()));
  return kOk;
}

void AddOne(CLI::App& command, const char* name, const char* what, const char* footer, Context& context,
            int (*run)(const std::string& file)) {
  CLI::App* one = command.add_subcommand(name, what);
  one->footer(footer);
  auto file = std::make_shared<std::string>();
  one->add_option("FILE", *file, "The report, or - for standard input")->required();
  one->callback([&context, file, run] {
    LetGoOfProgramPages();  // most of what it takes to start knows other work
    context.exit_code = run(*file);
  });
}

}  // namespace

void AddReport(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("report", "Works on sandbox reports");
  command->require_subcommand(1);
  command->footer("Example: brood report show report.json");
  AddOne(
      *command, "filter", "Prints the filtered document of a report",
      "Takes reports of Cuckoo 1.x and 2.x, cuckoo-modified, CAPE and the shipped sandbox, plain or gzipped, "
      "of any size.\n"
      "What cannot be read is left at its default and counted in parse_notes.\n"
      "Examples: brood report filter report.json | jq .signature\n"
      "          curl -s http://cuckoo:8090/tasks/report/17 | brood report filter -",
      context, Filter);
  AddOne(
      *command, "show", "Prints a report for a person to read",
      "Whose it is, score, signatures by severity, processes as a tree, files, registry, network; of long "
      "lists "
      "the first few.\n"
      "Takes what `brood report filter` takes, which prints the whole of it. Lines end at the terminal's edge; "
      "NO_COLOR=1 turns colours off.\n"
      "Examples: brood report show report.json.gz\n"
      "          curl -s http://cuckoo:8090/tasks/report/17 | brood report show - | less",
      context, Show);
}

}  // namespace brood::cli
