#include "cli/command_tree.hpp"

#include <algorithm>
#include <set>

#include <CLI/CLI.hpp>

namespace brood::cli {
namespace {

/// The names of an option as they are typed; none for one that goes by its place.
std::vector<std::string> NamesOf(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

void Walk(const CLI::App& app, const std::string& path, std::vector<Level>& levels) {
  Level level{path, {}, OptionsFor(app)};
  for (const CLI::App* command : CommandsOf(app)) {
    level.commands.push_back({command->get_name(), command->get_description()});
  }
  levels.push_back(std::move(level));
  for (const CLI::App* command : CommandsOf(app)) Walk(*command, path + " " + command->get_name(), levels);
}

void CollectWithValues(const CLI::App& app, std::set<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_min() == 0) continue;
    for (const std::string& name : NamesOf(*option)) names.insert(name);
  }
  for (const CLI::App* command : CommandsOf(app)) CollectWithValues(*command, names);
}

}  // namespace

std::vector<Level> LevelsOf(const CLI::App& app) {
  std::vector<Level> levels;
  Walk(app, app.get_name(), levels);
  return levels;
}

std::vector<std::string> OptionsWithValues(const CLI::App& app) {
  std::set<std::string> names;
  CollectWithValues(app, names);
  return {names.begin(), names.end()};
}

std::vector<Named> OptionsFor(const CLI::App& command) {
  std::vector<Named> options;
  for (const CLI::App* level = &command; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : NamesOf(*option)) {
        const bool known = std::ranges::find(options, name, &Named::name) != options.end();
        if (!known) options.push_back({name, option->get_description()});
      }
    }
  }
  return options;
}

std::vector<const CLI::App*> CommandsOf(const CLI::App& level) {
  return level.get_subcommands([](const CLI::App*) { return true; });
}

}  // namespace brood::cli
