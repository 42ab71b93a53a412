// Another program's INI file: every option has a section, a key and a line of the file; every problem has words
// and a line.
#include <algorithm>

#include "config/ini.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  const auto text = fuzz::AsText(data, size);
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  config::Problems problems;
  for (const auto& option : config::ReadIni(text, "config.cfg", problems)) {
    fuzz::Require(!option.section.empty() && !option.key.empty(), "an option has a section and a key");
    fuzz::Require(option.line >= 1 && option.line <= lines, "an option has its line");
    fuzz::Require(option.value.find('\n') == std::string::npos, "a value is of one line");
  }
  for (const auto& problem : problems) {
    fuzz::Require(!problem.what.empty(), "a problem has words");
    fuzz::Require(problem.line >= 1 && problem.line <= lines, "a problem has its line");
  }
  return 0;
}
