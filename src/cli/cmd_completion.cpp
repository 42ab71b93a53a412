#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/completion.hpp"
#include "cli/context.hpp"

namespace brood::cli {

void AddCompletion(CLI::App& app, Context&) {
  CLI::App* command = app.add_subcommand("completion", "Prints a script that completes commands and options");
  command->footer(
      "The script knows the commands and options of this version: make it again after an update.\n"
      "Examples: brood completion bash > ~/.local/share/bash-completion/completions/brood\n"
      "          brood completion zsh > ~/.zfunc/_brood     (a folder that is in $fpath before compinit)");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  command->callback(
      [&app, shell] { fmt::print("{}", *shell == "bash" ? BashCompletion(app) : ZshCompletion(app)); });
}

}  // namespace brood::cli
