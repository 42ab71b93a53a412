#include "cli/address_file.hpp"

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"

namespace brood::cli {

Expected<void, Error> WriteAddress(const std::filesystem::path& state_dir, const std::string& url) {
  return WriteFileDurably(state_dir / "api.address", url + "\n");
}

std::optional<std::string> ReadAddress(const std::filesystem::path& state_dir) {
  const auto text = ReadFile(state_dir / "api.address", 1'000);
  if (!text || TrimAscii(*text).empty()) return std::nullopt;
  return std::string(TrimAscii(*text));
}

std::filesystem::path TokenFile(const std::filesystem::path& state_dir) { return state_dir / "api.token"; }

std::string UrlOf(const std::string& ip, std::uint16_t port) {
  if (ip.find(':') != std::string::npos) return fmt::format("http://[{}]:{}", ip == "::" ? "::1" : ip, port);
  return fmt::format("http://{}:{}", ip == "0.0.0.0" ? "127.0.0.1" : ip, port);
}

}  // namespace brood::cli
