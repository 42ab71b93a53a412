#include "base/crash_point.hpp"

#ifdef BROOD_CRASH_POINTS

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

namespace brood {
namespace {

struct Wanted {
  std::string name;
  long passes = 1;
};

Wanted ReadWanted() {
  const char* text = std::getenv("BROOD_CRASH_AT");
  if (text == nullptr) return {};
  const std::string all = text;
  const auto colon = all.rfind(':');
  if (colon == std::string::npos) return {all, 1};
  return {all.substr(0, colon), std::strtol(all.c_str() + colon + 1, nullptr, 10)};
}

}  // namespace

void CrashPoint(const char* name) {
  static const Wanted wanted = ReadWanted();
  static std::atomic<long> passed{0};
  if (wanted.name.empty() || wanted.name != name) return;
  if (++passed == wanted.passes) ::kill(::getpid(), SIGKILL);
}

}  // namespace brood

#endif
