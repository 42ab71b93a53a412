#include "cli/context.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <CLI/CLI.hpp>

#include "base/file.hpp"
#include "base/log.hpp"
#include "cli/original_files.hpp"
#include "config/problem.hpp"
#include "config/render.hpp"

namespace brood::cli {
namespace {

config::Pairs ToPairs(const std::vector<std::string>& overrides) {
  config::Pairs pairs;
  for (const std::string& text : overrides) {
    const auto equals = text.find('=');
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

void Print(const config::Problems& problems) {
  for (const config::Problem& problem : problems) fmt::print(stderr, "{}\n", config::Format(problem));
}

}  // namespace

std::filesystem::path Context::ConfigFile() const {
  if (!config.empty()) return config;
  return std::filesystem::exists("brood.toml") ? "brood.toml" : FindOriginalFile(service, program);
}

bool Context::Waits() const {
  return std::any_of(waiting.begin(), waiting.end(), [](const CLI::App* command) { return command->parsed(); });
}

bool Context::LoadSettings() {
  auto sections = Sections(settings);
  return LoadInto(sections);
}

int Context::ShowSettings() {
  auto sections = Sections(settings);
  if (!LoadInto(sections)) return kUsage;
  fmt::print("{}", config::RenderCurrent(sections));
  return kOk;
}

bool Context::ReadConfigFile(config::Inputs& inputs) const {
  const auto file = ConfigFile();
  inputs.file = file.string();
  if (file.empty()) return true;
  if (IsOriginalFile(file)) {
    OriginalSettings original = ReadOriginalFile(file, service);
    for (const auto& warning : original.warnings) fmt::print(stderr, "warning: {}\n", config::Format(warning));
    Print(original.problems);
    inputs.original = std::move(original.assignments);
    return original.problems.empty();
  }
  auto text = ReadFile(file, std::size_t{16} << 20);
  if (text) {
    inputs.toml = std::move(*text);
  } else {
    fmt::print(stderr, "{}\n", Describe(text.error()));
  }
  return text.has_value();
}

bool Context::LoadInto(std::vector<config::Section>& sections) {
  config::Inputs inputs;
  if (!ReadConfigFile(inputs)) return false;
  inputs.environment = config::ProcessEnvironment();
  inputs.overrides = ToPairs(overrides);
  const config::Problems problems = config::Load(inputs, sections);
  Print(problems);
  if (!problems.empty()) return false;
  log::Level level = log::Level::kInfo;
  (void)log::LevelFrom(settings.general.log_level, level);
  log::Configure(level, settings.general.log_file);
  return true;
}

}  // namespace brood::cli
