#include "rules/lists_folder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace brood::rules {
namespace {

namespace fs = std::filesystem;

using Problems = std::vector<ListProblem>;

constexpr std::string_view kBlanks = " \t\r";

std::string_view WithoutComment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(line[at - 1]) != std::string_view::npos) return line.substr(0, at);
  }
  return line;
}

/// `read` turns the first word and the rest of a line into an entry, or says what is wrong with it.
template <class Entry>
Expected<std::vector<Entry>, Problems> ParseLines(const std::string& file, std::string_view text,
                                                  Expected<Entry, std::string> (*read)(std::string_view,
                                                                                       std::string_view)) {
  std::vector<Entry> entries;
  Problems problems;
  std::size_t number = 0;
  for (const std::string_view raw : Split(text, '\n')) {
    ++number;
    const std::string_view line = TrimAscii(WithoutComment(raw));
    if (line.empty()) continue;
    const std::size_t blank = std::min(line.find_first_of(kBlanks), line.size());
    auto entry = read(line.substr(0, blank), TrimAscii(line.substr(blank)));
    if (entry) {
      entries.push_back(std::move(*entry));
    } else {
      problems.push_back({file, number, std::move(entry.error())});
    }
  }
  if (!problems.empty()) return Unexpected(std::move(problems));
  return entries;
}

Expected<WhitelistedSubnet, std::string> ReadSubnetLine(std::string_view subnet, std::string_view owner) {
  return ParseSubnet(subnet).map([&](const IpInterval& interval) {
    return WhitelistedSubnet{interval, std::string(subnet), std::string(owner)};
  });
}

Expected<IpInterval, std::string> ReadAddressLine(std::string_view address, std::string_view) {
  return address.find('-') == std::string_view::npos ? ParseSubnet(address) : ParseIpRange(address);
}

Expected<std::string, std::string> ReadHashLine(std::string_view hash, std::string_view) {
  std::string lower = LowerAscii(hash);
  for (const std::size_t length : {32, 40, 64, 128}) {
    if (IsHex(lower, length)) return lower;
  }
  return Unexpected(fmt::format("'{}' is no MD5, SHA-1, SHA-256 or SHA-512 in hex", hash));
}

Expected<std::string, std::string> ReadDomainLine(std::string_view domain, std::string_view) {
  auto canonical = CanonicalDomain(domain);
  if (!canonical) return Unexpected(fmt::format("'{}' is no domain; one like example.com is due", domain));
  return std::move(*canonical);
}

template <class Entry>
using Parse = Expected<std::vector<Entry>, Problems> (*)(const std::string&, std::string_view);

/// The entries of a file below `folder`; none if it is not there.
template <class Entry>
std::vector<Entry> Read(const fs::path& folder, const std::string& name, Parse<Entry> parse,
                        Problems& problems) {
  std::error_code error;
  if (!fs::exists(folder / name, error)) return {};
  const auto text = ReadFile(folder / name);
  if (!text) {
    problems.push_back({name, 0, Describe(text.error())});
    return {};
  }
  auto entries = parse(name, *text);
  if (entries) return std::move(*entries);
  std::move(entries.error().begin(), entries.error().end(), std::back_inserter(problems));
  return {};
}

std::vector<std::string> ThirdPartyCategories(const fs::path& folder, Problems& problems) {
  std::vector<std::string> categories;
  std::error_code error;
  if (!fs::exists(folder, error)) return categories;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".txt") categories.push_back(entry->path().stem().string());
  }
  if (error) problems.push_back({"third_party", 0, "cannot read the folder: " + error.message()});
  std::sort(categories.begin(), categories.end());
  return categories;
}

}  // namespace

Expected<std::vector<WhitelistedSubnet>, Problems> ParseWhitelist(const std::string& file,
                                                                  std::string_view text) {
  return ParseLines(file, text, ReadSubnetLine);
}

Expected<std::vector<IpInterval>, Problems> ParseAddressList(const std::string& file, std::string_view text) {
  return ParseLines(file, text, ReadAddressLine);
}

Expected<std::vector<std::string>, Problems> ParseHashList(const std::string& file, std::string_view text) {
  return ParseLines(file, text, ReadHashLine);
}

Expected<std::vector<std::string>, Problems> ParseDomainList(const std::string& file, std::string_view text) {
  return ParseLines(file, text, ReadDomainLine);
}

Expected<Lists, Problems> LoadListsFolder(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return Unexpected(Problems{{folder.string(), 0, "is no folder"}});
  Problems problems;
  Lists lists;
  std::vector<IpInterval> whitelist;
  for (const auto& entry : Read(folder, "whitelist.txt", ParseWhitelist, problems)) {
    whitelist.push_back(entry.interval);
  }
  lists.ip_whitelist = IpSet(whitelist);
  for (std::string& hash : Read(folder, "whitelist_hashes.txt", ParseHashList, problems)) {
    lists.hash_whitelist.insert(std::move(hash));
  }
  for (std::string& domain : Read(folder, "whitelist_domains.txt", ParseDomainList, problems)) {
    lists.domain_whitelist.insert(std::move(domain));
  }
  for (const std::string& category : ThirdPartyCategories(folder / "third_party", problems)) {
    const std::string file = fmt::format("third_party/{}.txt", category);
    lists.third_party.emplace(category, IpSet(Read(folder, file, ParseAddressList, problems)));
  }
  if (!problems.empty()) return Unexpected(std::move(problems));
  return lists;
}

std::string FormatProblems(const Problems& problems) {
  std::string text;
  for (const ListProblem& problem : problems) {
    const std::string line = problem.line == 0 ? "" : fmt::format(":{}", problem.line);
    text += fmt::format("{}{}: {}\n", problem.file, line, problem.what);
  }
  return text;
}

}  // namespace brood::rules
