#pragma once

#include <string>

namespace CLI {
class App;
}

namespace brood::cli {

// Scripts that complete the program's commands and options in a shell, made from the very tree that parses
// them. Where neither a command nor an option can stand, files are completed.

/// To be sourced by bash 4 or later.
[[nodiscard]] std::string BashCompletion(const CLI::App& app);
/// To lie as _<program> in a folder of zsh's $fpath.
[[nodiscard]] std::string ZshCompletion(const CLI::App& app);

}  // namespace brood::cli
