#pragma once

#include <string>
#include <vector>

namespace brood::config {

/// One thing wrong with the settings, told to a person; never with a secret in it. `file` is the file's name,
/// or the environment variable or option that said it; `line` 0 is none; `key` may be empty (syntax errors).
struct Problem {
  std::string file;
  int line = 0;
  std::string key;
  std::string what;

  bool operator==(const Problem&) const = default;
};
using Problems = std::vector<Problem>;

/// One line: "brood.toml:12: feed_cuckoo.max_pending: 0 is below 1 task".
[[nodiscard]] std::string Format(const Problem& problem);

}  // namespace brood::config
