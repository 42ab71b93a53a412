// A process of its own on a queue file, for the tests to kill:
//   hold FILE QUEUE COUNT     takes COUNT messages, says "ready" and keeps them
//   move FILE FROM TO         moves messages for ever, saying "ready" when it begins
// Both obey BROOD_CRASH_AT.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "broker/sqlite/sqlite_broker.hpp"

namespace {

using brood::Millis;
using brood::broker::Source;

void Say(const char* word) {
  std::puts(word);
  std::fflush(stdout);
}

int Hold(Source& source, std::size_t count) {
  for (std::size_t held = 0; held < count;) held += source.Take(count - held, Millis{1'000}).size();
  Say("ready");
  for (;;) ::pause();
}

int Move(Source& source, const std::string& to) {
  Say("ready");
  for (;;) {
    std::vector<brood::broker::Settlement> settlements;
    for (auto& delivery : source.Take(5, Millis{1'000})) {
      settlements.push_back({delivery.id, {{to, delivery.message.body, {}}}});
    }
    if (settlements.empty()) continue;
    if (const auto settled = source.Settle(settlements); !settled) {
      std::fprintf(stderr, "%s\n", settled.error().what.c_str());
      return 1;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  brood::sqlite::Writer writer(argv[2]);
  brood::broker::sqlite::SqliteBroker broker(writer);
  const auto source = broker.Consume({{argv[3]}, 1'000});
  if (!source) return 3;
  return argv[1] == std::string("hold") ? Hold(**source, std::strtoul(argv[4], nullptr, 10))
                                        : Move(**source, argv[4]);
}
