#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "rules/lists.hpp"

namespace brood::rules {

/// One line of a list that cannot be used. Line 0: the file itself.
struct ListProblem {
  std::string file;
  std::size_t line = 0;
  std::string what;
  bool operator==(const ListProblem&) const = default;
};

struct WhitelistedSubnet {
  IpInterval interval;
  std::string subnet, owner;  ///< as written; the owner is the rest of the line
  bool operator==(const WhitelistedSubnet&) const = default;
};

/// Lists as text: one entry a line; blank lines count for nothing, and neither does what follows a `#` at the
/// start of a line or behind a blank.
///   whitelist.txt               a subnet or address, then its owner: "192.168.0.0/16 private"
///   whitelist_hashes.txt        a hash in hex, then anything
///   whitelist_domains.txt       a domain, then anything; what lies below it is whitelisted too
///   third_party/<category>.txt  an address, CIDR or range "a-b", then anything
/// Every bad line is told; `file` is only their name in that.
[[nodiscard]] Expected<std::vector<WhitelistedSubnet>, std::vector<ListProblem>> ParseWhitelist(
    const std::string& file, std::string_view text);
[[nodiscard]] Expected<std::vector<IpInterval>, std::vector<ListProblem>> ParseAddressList(
    const std::string& file, std::string_view text);
[[nodiscard]] Expected<std::vector<std::string>, std::vector<ListProblem>> ParseHashList(
    const std::string& file, std::string_view text);
[[nodiscard]] Expected<std::vector<std::string>, std::vector<ListProblem>> ParseDomainList(
    const std::string& file, std::string_view text);

/// Reads a folder of these files. Each may be absent, the folder not. All problems of all files together.
[[nodiscard]] Expected<Lists, std::vector<ListProblem>> LoadListsFolder(const std::filesystem::path& folder);

/// "whitelist.txt:3: 'x' is no IP address", one a line.
[[nodiscard]] std::string FormatProblems(const std::vector<ListProblem>& problems);

}  // namespace brood::rules
