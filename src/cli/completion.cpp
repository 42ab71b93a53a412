#include "cli/completion.hpp"

#include <fmt/format.h>

#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command_tree.hpp"

namespace brood::cli {
namespace {

/// A word of a shell, whatever it holds.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string Names(const std::vector<Named>& all) {
  std::string names;
  for (const Named& one : all) names += (names.empty() ? "" : " ") + one.name;
  return names;
}

/// zsh's "name:what it is"; a colon of the name or a backslash would end it early.
std::string Described(const std::vector<Named>& all) {
  std::string words;
  for (const Named& one : all) {
    const std::string_view sentence = std::string_view(one.description).substr(0, one.description.find('\n'));
    words += " " + Quoted(fmt::format("{}:{}", one.name, sentence));
  }
  return words;
}

/// The patterns of a case, "'a'|'b'", of the words that lead one level further down.
std::string Levels(const std::vector<Level>& levels) {
  std::string patterns;
  for (const Level& level : levels) {
    if (level.path.find(' ') == std::string::npos) continue;  // the program itself
    patterns += (patterns.empty() ? "" : "|") + Quoted(level.path);
  }
  return patterns;
}

std::string Patterns(const std::vector<std::string>& words) {
  std::string patterns;
  for (const std::string& word : words) patterns += (patterns.empty() ? "" : "|") + word;
  return patterns;
}

}  // namespace

std::string BashCompletion(const CLI::App& app) {
  const auto levels = LevelsOf(app);
  std::string cases;
  for (const Level& level : levels) {
    cases += fmt::format("    {}) commands={} options={} ;;\n", Quoted(level.path),
                         Quoted(Names(level.commands)), Quoted(Names(level.options)));
  }
  constexpr std::string_view kScript = R"(# Completion of {0} for bash; made by: {0} completion bash
_{0}() {{
  local level={0} commands options word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${{COMP_WORDS[i]}}
    case $word in
      {1}) ((++i)); continue ;;
    esac
    case "$level $word" in
      {2}) level="$level $word" ;;
    esac
  done
  ((i > COMP_CWORD)) && return
  case $level in
{3}  esac
  word=${{COMP_WORDS[COMP_CWORD]}}
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -n $commands ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$word"))
  fi
}}
complete -o default -F _{0} {0}
)";
  return fmt::format(kScript, app.get_name(), Patterns(OptionsWithValues(app)), Levels(levels), cases);
}

std::string ZshCompletion(const CLI::App& app) {
  const auto levels = LevelsOf(app);
  std::string cases;
  for (const Level& level : levels) {
    cases += fmt::format("    {})\n      commands=({} )\n      options=({} ) ;;\n", Quoted(level.path),
                         Described(level.commands), Described(level.options));
  }
  constexpr std::string_view kScript = R"(#compdef {0}
# Completion of {0} for zsh; made by: {0} completion zsh
_{0}() {{
  local level={0} word i
  local -a commands options
  for ((i = 2; i < CURRENT; ++i)); do
    word=${{words[i]}}
    case $word in
      {1}) ((++i)); continue ;;
    esac
    case "$level $word" in
      {2}) level="$level $word" ;;
    esac
  done
  if ((i > CURRENT)); then
    _files
    return
  fi
  case $level in
{3}  esac
  if [[ ${{words[CURRENT]}} == -* ]]; then
    _describe -o option options
  elif ((${{#commands}})); then
    _describe command commands
  else
    _files
  fi
}}
_{0} "$@"
)";
  return fmt::format(kScript, app.get_name(), Patterns(OptionsWithValues(app)), Levels(levels), cases);
}

}  // namespace brood::cli
