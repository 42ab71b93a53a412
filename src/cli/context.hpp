#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cli/settings.hpp"

namespace CLI {
class App;
}

namespace brood::cli {

// Exit codes of every command.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;       ///< the work was done and its answer is no, or it could not be done
inline constexpr int kUsage = 2;        ///< the command line or the settings are wrong
inline constexpr int kUnreachable = 3;  ///< the running brood cannot be reached

/// What the command line said before any command runs, and the settings once they are loaded.
struct Context {
  std::filesystem::path program;       ///< as it was called: an original's settings file may lie beside it
  std::filesystem::path config;        ///< --config; empty: ./brood.toml if it is there
  std::string service;                 ///< the one that runs alone: it may have an original's settings file
  std::vector<std::string> overrides;  ///< "section.key=value" of --section.key=value
  bool json = false;
  std::vector<const CLI::App*> waiting;  ///< commands that end in order on SIGTERM and Ctrl-C, by WaitForStop
  Settings settings;
  int exit_code = kOk;

  /// Whether the command line names one of `waiting`.
  [[nodiscard]] bool Waits() const;

  /// Reads file, environment and command line into `settings`. Every problem goes to standard error; false if
  /// there is one.
  [[nodiscard]] bool LoadSettings();
  /// The same, then the values in force with where each came from on standard output. An exit code.
  [[nodiscard]] int ShowSettings();
  /// The file that LoadSettings reads: --config, ./brood.toml, or an original one of the service or of all;
  /// empty if there is none.
  [[nodiscard]] std::filesystem::path ConfigFile() const;

 private:
  bool ReadConfigFile(config::Inputs& inputs) const;
  bool LoadInto(std::vector<config::Section>& sections);
};

/// Each command adds itself: its options, its help, and what it does. One file a command.
void AddRun(CLI::App& app, Context& context);
void AddServices(CLI::App& app, Context& context);
void AddApiStart(CLI::App& app, Context& context);
void AddSandbox(CLI::App& app, Context& context);
void AddSubmit(CLI::App& app, Context& context);
void AddStatus(CLI::App& app, Context& context);
void AddBackup(CLI::App& app, Context& context);
void AddDead(CLI::App& app, Context& context);
void AddBlacklist(CLI::App& app, Context& context);
void AddWhitelist(CLI::App& app, Context& context);
void AddFeeds(CLI::App& app, Context& context);
void AddReport(CLI::App& app, Context& context);
void AddIndices(CLI::App& app, Context& context);
void AddImport(CLI::App& app, Context& context);
void AddExport(CLI::App& app, Context& context);
void AddRules(CLI::App& app, Context& context);
void AddRetrohunt(CLI::App& app, Context& context);
void AddConfig(CLI::App& app, Context& context);
void AddCompletion(CLI::App& app, Context& context);

}  // namespace brood::cli
