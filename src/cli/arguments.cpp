#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <string_view>

#include <CLI/CLI.hpp>

#include "cli/table.hpp"

namespace brood::cli {
namespace {

std::vector<const CLI::App*> CommandsOf(const CLI::App& level) {
  return level.get_subcommands([](const CLI::App*) { return true; });
}

std::string Refusal(const CLI::App& level, const std::string& path, const std::string& word) {
  std::string names;
  for (const CLI::App* command : CommandsOf(level)) names += (names.empty() ? "" : ", ") + command->get_name();
  return fmt::format("{}: there is no command '{}'. There are: {}.\nType {} --help for more.", path,
                     Printable(word), names, path);
}

}  // namespace

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

}  // namespace brood::cli
