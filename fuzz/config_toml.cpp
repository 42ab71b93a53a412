// Any brood.toml is loaded or every problem in it is told; a row with a problem keeps a value within its
// bounds.
#include "config/load.hpp"
#include "config/render.hpp"
#include "config/test_settings.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  config::testing::Settings settings;
  const auto text = fuzz::AsText(data, size);
  // A secret's file may be any path, /dev/stdin and the like among them.
  if (text.find("_file") != std::string_view::npos) return 0;
  for (const auto& problem : config::Load(text, "brood.toml", settings.sections)) {
    fuzz::Require(!config::Format(problem).empty(), "a problem has words");
  }
  (void)config::RenderCurrent(settings.sections);
  fuzz::Require(settings.feed.max_pending >= 1 && settings.feed.max_pending <= 100'000, "bounds hold");
  fuzz::Require(settings.store.max_pending >= 1 && settings.store.max_pending <= 5, "bounds hold");
  return 0;
}
