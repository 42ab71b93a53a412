#include "cli/submit_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace brood::cli {
namespace {

namespace fs = std::filesystem;

/// What is wrong with a file of this type; empty for a regular one.
std::string_view Complaint(fs::file_type type) {
  switch (type) {
    case fs::file_type::regular:
      return "";
    case fs::file_type::not_found:
      return "does not exist";
    case fs::file_type::symlink:
      return "is a symbolic link, and those are not followed";
    case fs::file_type::fifo:
      return "is a named pipe, not a file";
    case fs::file_type::socket:
      return "is a socket, not a file";
    case fs::file_type::block:
    case fs::file_type::character:
      return "is a device, not a file";
    default:
      return "is not a regular file";
  }
}

Candidate Refused(const fs::path& file, std::string_view why) {
  return {file, fmt::format("{} {}", file.string(), why)};
}

Candidate Judge(const fs::path& file, const fs::file_status& status, const std::error_code& error) {
  if (status.type() == fs::file_type::none) return Refused(file, "cannot be looked at: " + error.message());
  if (const auto complaint = Complaint(status.type()); !complaint.empty()) return Refused(file, complaint);
  std::error_code size_error;
  if (fs::file_size(file, size_error) == 0) return Refused(file, "is empty");
  return {file, ""};
}

void AddFolder(const fs::path& folder, std::vector<Candidate>& all) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  while (!error && entry != fs::directory_iterator()) {
    entries.push_back(entry->path());
    entry.increment(error);
  }
  if (error) all.push_back(Refused(folder, "cannot be read: " + error.message()));
  std::sort(entries.begin(), entries.end());
  for (const fs::path& path : entries) {
    std::error_code looked;
    const auto status = fs::symlink_status(path, looked);
    if (status.type() == fs::file_type::directory)
      AddFolder(path, all);
    else
      all.push_back(Judge(path, status, looked));
  }
}

}  // namespace

std::vector<Candidate> FilesToSubmit(const std::vector<std::string>& arguments) {
  std::vector<Candidate> all;
  for (const std::string& argument : arguments) {
    std::error_code error;
    const auto status = fs::status(argument, error);
    if (status.type() != fs::file_type::directory) {
      all.push_back(Judge(argument, status, error));
      continue;
    }
    const std::size_t before = all.size();
    AddFolder(argument, all);
    if (all.size() == before) all.push_back(Refused(argument, "is a folder without a file"));
  }
  return all;
}

}  // namespace brood::cli
