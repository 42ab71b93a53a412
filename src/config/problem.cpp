#include "config/problem.hpp"

namespace brood::config {

std::string Format(const Problem& problem) {
  std::string line = problem.file;
  if (problem.line > 0) line += ":" + std::to_string(problem.line);
  for (const std::string* part : {&problem.key, &problem.what}) {
    if (part->empty()) continue;
    if (!line.empty()) line += ": ";
    line += *part;
  }
  return line;
}

}  // namespace brood::config
