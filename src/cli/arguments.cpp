#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include <CLI/CLI.hpp>

#include "cli/command_tree.hpp"
#include "cli/programs.hpp"
#include "cli/table.hpp"
#include "config/suggest.hpp"

namespace brood::cli {
namespace {

std::string Refusal(const CLI::App& level, const std::string& path, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(level)) names.push_back(command->get_name());
  const std::string hint = config::DidYouMean(word, names);
  return fmt::format("{}: there is no command '{}'{} There are: {}.\nType {} --help for more.", path,
                     Printable(word), hint.empty() ? "." : hint, fmt::join(names, ", "), path);
}

/// "-config=x" → "--config=x"; everything else as it is.
std::string TwoDashes(std::string word) {
  for (const std::string_view option : {"-config", "-resubmitDumped"}) {
    if (word == option || word.starts_with(std::string(option) + "=")) return "-" + word;
  }
  return word;
}

constexpr std::string_view kIndices = "IndiceManagement";
constexpr std::string_view kThirdPartyLists = "ThirdPartyBlacklist";

/// "submit_binary" of "/opt/dfi/submit_binary.py"; empty where it names no program of an original.
std::string ProgramOf(std::string_view path) {
  std::string name = std::filesystem::path(path).filename();
  if (name.ends_with(".py")) name.resize(name.size() - 3);
  const auto& names = ProgramNames();
  const bool known =
      name == kIndices || name == kThirdPartyLists || std::ranges::find(names, name) != names.end();
  return known ? name : "";
}

/// The options of IndiceManagement.py as words of `brood indices`; the rest as it is. It is run in the folder
/// utils, and its settings lie one above.
std::vector<std::string> IndicesArguments(std::span<const char* const> words) {
  std::vector<std::string> arguments{"indices"};
  for (const std::string_view word : words) {
    if (word == "-ba" || word == "--build-all") {
      arguments.emplace_back("create");
    } else if (word == "-da" || word == "--delete-all") {
      arguments.insert(arguments.end(), {"delete", "--yes"});
    } else {
      arguments.push_back(TwoDashes(std::string(word)));
    }
  }
  const std::filesystem::path above = "../config.cfg";
  std::error_code error;
  const bool here =
      std::filesystem::exists("config.cfg", error) || std::filesystem::exists("brood.toml", error);
  if (!here && std::filesystem::exists(above, error)) arguments.push_back("--config=" + above.string());
  return arguments;
}

}  // namespace

std::vector<std::string> OriginalArguments(std::span<const char* const> argv) {
  if (argv.empty()) return {};
  auto words = argv.subspan(1);
  std::string program = ProgramOf(argv.front());
  if (program.empty() && !words.empty()) {
    program = ProgramOf(words.front());
    if (!program.empty()) words = words.subspan(1);
  }
  if (program == kIndices) return IndicesArguments(words);
  std::vector<std::string> arguments;
  if (program == kThirdPartyLists) {
    arguments = {"feeds", "update"};
  } else if (!program.empty()) {
    arguments.push_back(std::move(program));
  }
  bool options = true;
  for (const char* word : words) {
    options = options && std::string_view(word) != "--";
    arguments.push_back(options ? TwoDashes(word) : word);
  }
  return arguments;
}

std::vector<std::string> TakeOverrides(const std::vector<std::string>& arguments,
                                       std::vector<std::string>& overrides) {
  std::vector<std::string> rest;
  bool options = true;
  for (const std::string& argument : arguments) {
    options = options && argument != "--";
    const auto equals = argument.find('=');
    const bool setting =
        argument.starts_with("--") && equals != std::string::npos && argument.find('.') < equals;
    if (options && setting)
      overrides.push_back(argument.substr(2));
    else
      rest.push_back(argument);
  }
  return rest;
}

std::string WrongCommand(const CLI::App& app, const std::vector<std::string>& arguments) {
  const CLI::App* level = &app;
  std::string path = "brood";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "-c" || word == "--config") ++i;
    if (word.starts_with("-")) continue;
    const CLI::App* named = nullptr;
    for (const CLI::App* command : CommandsOf(*level)) {
      if (command->check_name(word)) named = command;
    }
    if (named == nullptr) return Refusal(*level, path, word);
    if (named->get_require_subcommand_min() == 0) return {};
    level = named;
    path += " " + word;
  }
  return {};
}

std::string WrongOption(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining(true);
  const auto wrong = std::ranges::find_if(left, [](const std::string& word) { return word.starts_with("-"); });
  if (wrong == left.end()) return {};
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
  std::string path = command->get_name();
  for (const CLI::App* above = command->get_parent(); above != nullptr; above = above->get_parent()) {
    path.insert(0, " ").insert(0, above->get_name());
  }
  const std::string word = wrong->substr(0, wrong->find('='));
  std::vector<std::string> names;
  for (const Named& option : OptionsFor(*command)) {
    if (option.name.starts_with("--")) names.push_back(option.name);
  }
  const std::string hint = word.starts_with("--") ? config::DidYouMean(word, names) : "";
  return fmt::format("{}: there is no option '{}'{}\nType {} --help for more.", path, Printable(word),
                     hint.empty() ? "." : hint, path);
}

}  // namespace brood::cli
