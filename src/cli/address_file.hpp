#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/expected.hpp"

namespace brood::cli {

/// Where the API of this installation listens: a file in the state folder, written by whoever serves the API
/// and read by the client commands. One line, "http://127.0.0.1:8081".
[[nodiscard]] Expected<void, Error> WriteAddress(const std::filesystem::path& state_dir,
                                                 const std::string& url);
[[nodiscard]] std::optional<std::string> ReadAddress(const std::filesystem::path& state_dir);

/// The file with the API's token, in the state folder.
[[nodiscard]] std::filesystem::path TokenFile(const std::filesystem::path& state_dir);

/// "http://127.0.0.1:8081"; an IPv6 address gets its brackets. For a server that listens on every address it is
/// the one of this machine.
[[nodiscard]] std::string UrlOf(const std::string& ip, std::uint16_t port);

}  // namespace brood::cli
