#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/report_source.hpp"
#include "rules/check.hpp"
#include "rules/evaluate.hpp"
#include "rules/folder.hpp"
#include "rules/lists_folder.hpp"
#include "rules/try.hpp"
#include "rules/try_json.hpp"

namespace brood::cli {
namespace {

struct Options {
  std::string folder, lists;
  std::vector<std::string> reports;
};

/// Compiled patterns are kept where a service keeps its own; without one this command leaves nothing behind.
rules::Options RuleOptions(const Settings& settings) {
  rules::Options options;
  options.blacklist_score = settings.rules.blacklist_score;
  options.score_per = settings.rules.score_per;
  const auto cache_folder = settings.general.state_dir / rules::kCacheFolder;
  std::error_code ignored;
  if (std::filesystem::is_directory(cache_folder, ignored)) options.cache_folder = cache_folder;
  return options;
}

/// The rules of the folder; on a problem all of them are printed.
std::optional<rules::RuleSet> Load(const Context& context, const std::string& folder) {
  auto rules = rules::LoadFolder(folder.empty() ? context.settings.rules.folder.string() : folder,
                                 RuleOptions(context.settings));
  if (!rules) {
    fmt::print(stderr, "{}", rules::FormatProblems(rules.error()));
    return std::nullopt;
  }
  return std::move(*rules);
}

int Check(const Context& context, const Options& options) {
  const auto rules = Load(context, options.folder);
  if (!rules) return kFailed;
  fmt::print(stderr, "{}", rules::FormatProblems(rules->Warnings()));
  fmt::print("{}\n{}", rules::FormatSummary(*rules), rules::FormatMatching(*rules));
  return kOk;
}

std::optional<rules::Lists> LoadLists(const std::string& folder) {
  if (folder.empty()) return rules::Lists{};
  auto lists = rules::LoadListsFolder(folder);
  if (!lists) {
    fmt::print(stderr, "{}", rules::FormatProblems(lists.error()));
    return std::nullopt;
  }
  return std::move(*lists);
}

int Test(const Context& context, const Options& options) {
  const auto rules = Load(context, options.folder);
  const auto lists = LoadLists(options.lists);
  if (!rules || !lists) return kFailed;
  int exit_code = kOk;
  for (const std::string& file : options.reports) {
    const auto report = ReadRawOrFiltered(file);
    if (!report) {
      fmt::print(stderr, "brood: {}: {}\n", file, Describe(report.error()));
      exit_code = kFailed;
      continue;
    }
    const auto evaluation = rules::Evaluate(*rules, *report, *lists);
    fmt::print("{}", context.json ? rules::EvaluationToJsonLines(file, evaluation)
                                  : rules::FormatEvaluation(file, evaluation));
  }
  return exit_code;
}

}  // namespace

void AddRules(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("rules", "Checks rules, and tries them on reports");
  command->require_subcommand(1);
  command->footer(
      "Examples: brood rules check rules\n"
      "          brood rules test --rules rules report.json");
  auto options = std::make_shared<Options>();

  CLI::App* check = command->add_subcommand("check", "Lists every problem of the rule files at once");
  check->add_option("DIR", options->folder, "The folder (default: rules.folder of the settings)");
  check->footer(
      "Tells too how texts are looked for, and which patterns are slow.\n"
      "Exit code 0: every rule can be used.\nExample: brood rules check rules");
  check->callback(
      [&context, options] { context.exit_code = context.LoadSettings() ? Check(context, *options) : kUsage; });

  CLI::App* test = command->add_subcommand("test", "What the rules say of reports: each match and the total");
  test->footer(
      "Takes raw reports, plain or gzipped, and filtered documents. Shows for each match the value that "
      "matched,\n"
      "and groups of which one object alone is missing.\n"
      "With --json one line for each value that was scored: "
      "{\"file\", \"type\", \"value\", \"score\", \"blacklisted\",\n"
      "\"reasons\": [{\"reason\", \"data\"}]}.\n"
      "Examples: brood rules test --rules rules report.json\n"
      "          brood report filter report.json | brood rules test --json -");
  test->add_option("--rules", options->folder, "The folder of rules (default: rules.folder of the settings)");
  test->add_option("--lists", options->lists,
                   "Folder with whitelist.txt, whitelist_hashes.txt, whitelist_domains.txt, third_party/*.txt");
  test->add_option("REPORT", options->reports, "Reports; - is standard input")->required();
  test->callback(
      [&context, options] { context.exit_code = context.LoadSettings() ? Test(context, *options) : kUsage; });
}

}  // namespace brood::cli
