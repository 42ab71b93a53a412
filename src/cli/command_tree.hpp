#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace brood::cli {

/// A command or an option as it is typed ("submit", "--json"), and its sentence.
struct Named {
  std::string name;
  std::string description;
};

/// What can be typed behind one command.
struct Level {
  std::string path;             ///< "brood", "brood rules check"
  std::vector<Named> commands;  ///< in the order of the help
  std::vector<Named> options;   ///< long and short ones, its own first, then those of the commands above it
};

/// The program and every command of its tree, each above those below it.
[[nodiscard]] std::vector<Level> LevelsOf(const CLI::App& app);
/// Every option of the tree that a value follows.
[[nodiscard]] std::vector<std::string> OptionsWithValues(const CLI::App& app);
/// The options of one command and of those above it.
[[nodiscard]] std::vector<Named> OptionsFor(const CLI::App& command);
[[nodiscard]] std::vector<const CLI::App*> CommandsOf(const CLI::App& level);

}  // namespace brood::cli
