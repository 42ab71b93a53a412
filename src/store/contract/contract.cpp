#include "store/contract/contract.hpp"

#include <chrono>
#include <thread>

namespace brood::store::contract {

bool Eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

std::vector<std::string> HostileTexts() {
  return {
      std::string("a\0b", 3),
      "'; DROP TABLE queue; --",
      R"("double" \ `back` 'single')",
      "<script>alert(1)</script>",
      "%00 %s %n ${jndi:ldap://x}",
      "line\r\nbreak\ttab\x1B[31m",
      std::string("\xE2\x80\xAE") + "gpj.exe",
      "\xF0\x9F\x90\xA3 \xC3\xA4",
      std::string(1'000'000, 'x'),
  };
}

}  // namespace brood::store::contract
