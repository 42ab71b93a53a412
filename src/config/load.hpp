#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem.hpp"
#include "config/section.hpp"

namespace brood::config {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Everything that may say something, weakest first: file < environment < overrides. Defaults are the structs'
/// own.
struct Inputs {
  std::string toml;                 ///< the file's content; empty is a file that says nothing
  std::string file = "brood.toml";  ///< its name, for problems
  Assignments original = {};        ///< what a settings file of another program says, instead of `toml`
  Pairs environment = {};           ///< variables; only BROOD_<SECTION>_<KEY> of known sections are looked at
  Pairs overrides = {};             ///< {"feed_cuckoo.max_pending", "5"} from --feed_cuckoo.max_pending=5
};

/// Writes what the inputs say into the structs that the sections are bound to and returns every problem found,
/// file first. A row with a problem keeps its former value; a program that got a problem must not start.
/// Sections must have different names (std::logic_error).
[[nodiscard]] Problems Load(const Inputs& inputs, std::span<Section> sections);
/// The file alone.
[[nodiscard]] Problems Load(std::string_view toml, std::string_view file, std::span<Section> sections);

/// The process's variables whose names begin with BROOD_.
[[nodiscard]] Pairs ProcessEnvironment();

}  // namespace brood::config
