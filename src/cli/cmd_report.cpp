#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/report_source.hpp"
#include "model/report_json.hpp"

namespace brood::cli {

void AddReport(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("report", "Works on sandbox reports");
  command->require_subcommand(1);
  command->footer("Example: brood report filter report.json");
  CLI::App* filter = command->add_subcommand("filter", "Prints the filtered document of a report");
  filter->footer(
      "Takes reports of Cuckoo 1.x and 2.x, cuckoo-modified, CAPE and the shipped sandbox, plain or gzipped, "
      "of any size.\n"
      "What cannot be read is left at its default and counted in parse_notes.\n"
      "Examples: brood report filter report.json | jq .signature\n"
      "          curl -s http://cuckoo:8090/tasks/report/17 | brood report filter -");
  auto file = std::make_shared<std::string>();
  filter->add_option("FILE", *file, "The report, or - for standard input")->required();
  filter->callback([&context, file] {
    const auto read = ReadReport(*file);
    if (!read) {
      fmt::print(stderr, "brood: {}: {}\n", *file, Describe(read.error()));
      context.exit_code = kFailed;
      return;
    }
    fmt::print("{}\n", model::ToJson(read->report));
  });
}

}  // namespace brood::cli
