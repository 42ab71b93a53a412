#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "base/unique_fd.hpp"
#include "cli/address_file.hpp"
#include "cli/context.hpp"
#include "sqlite/snapshot.hpp"

namespace brood::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const std::string& what, const fs::path& path, const std::error_code& error) {
  throw std::runtime_error(fmt::format("{} {}: {}", what, path.string(), error.message()));
}

void MakeEmptyFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) Fail("cannot make the folder", folder, error);
  if (!fs::is_empty(folder, error)) {
    throw std::runtime_error(
        fmt::format("{} is not empty: a backup goes into a folder of its own", folder.string()));
  }
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) Fail("cannot close to others the folder", folder, error);
}

struct Copied {
  std::uint64_t files = 0, bytes = 0;
};

/// A sample never changes, so a second name for it will do where both folders are on one disk.
void CopyFile(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (!error) return;
  fs::copy_file(from, to, fs::copy_options::skip_existing, error);
  if (error) Fail("cannot copy to", to, error);
}

Copied CopyTree(const fs::path& from, const fs::path& to) {
  Copied copied;
  fs::create_directory(to, from);  // its mode as well
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path place = to / fs::relative(entry.path(), from);
    if (entry.is_directory()) {
      fs::create_directory(place, entry.path());
    } else if (entry.is_regular_file()) {
      CopyFile(entry.path(), place);
      ++copied.files;
      copied.bytes += entry.file_size();
    }
  }
  return copied;
}

/// All files of the folder's disk.
void Sync(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.Get() < 0 || ::syncfs(fd.Get()) != 0) {
    Fail("cannot sync", folder, std::error_code(errno, std::generic_category()));
  }
}

class Backup {
 public:
  Backup(const Context& context, fs::path to)
      : context_(context), state_(context.settings.general.state_dir), to_(std::move(to)) {}

  /// The queue and the records first: what they name is never younger than they are, so it is copied with what
  /// comes after them.
  void Make() {
    if (!fs::exists(state_ / "brood.db")) {
      throw std::runtime_error(fmt::format("{} holds no records of brood", fs::absolute(state_).string()));
    }
    MakeEmptyFolder(to_);
    CopyDatabase("brood.db");
    CopyDatabase("reports.db");
    CopyFolder("samples", state_ / "samples");
    CopyFolder("dump", context_.settings.overseer.dump_dir);
    if (fs::exists(TokenFile(state_))) CopyFile(TokenFile(state_), to_ / TokenFile("").filename());
    Sync(to_);
  }

 private:
  void CopyDatabase(const std::string& name) {
    if (!fs::exists(state_ / name)) return;
    if (const auto copied = sqlite::CopySnapshot(state_ / name, to_ / name); !copied) {
      throw std::runtime_error(copied.error().what);
    }
    Tell(name, {1, fs::file_size(to_ / name)});
  }

  void CopyFolder(const std::string& name, const fs::path& from) {
    if (fs::is_directory(from)) Tell(name, CopyTree(from, to_ / name));
  }

  void Tell(const std::string& name, const Copied& copied) const {
    if (context_.json) {
      const boost::json::object line{{"name", name}, {"files", copied.files}, {"bytes", copied.bytes}};
      fmt::print("{}\n", boost::json::serialize(line));
    } else {
      fmt::print("{:<11} {:>9} {:>12}\n", name,
                 fmt::format("{} file{}", copied.files, copied.files == 1 ? "" : "s"),
                 HumanBytes(copied.bytes));
    }
    std::fflush(stdout);
  }

  const Context& context_;
  const fs::path state_, to_;
};

int Run(Context& context, const std::string& folder) {
  if (!context.LoadSettings()) return kUsage;
  Backup(context, folder).Make();
  return kOk;
}

}  // namespace

void AddBackup(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("backup", "Copies queue, records, reports and samples while brood runs");
  const auto folder = std::make_shared<std::string>();
  command->add_option("FOLDER", *folder, "An empty folder, or one to be made")->required();
  command->footer(
      "To restore: stop brood, move the state folder away, put the copy in its place, start. What was under "
      "way\n"
      "is done again. Queues in RabbitMQ and records in a search engine are backed up there.\n"
      "Example: brood backup /backup/brood-$(date +%F)");
  command->callback([&context, folder] { context.exit_code = Run(context, *folder); });
}

}  // namespace brood::cli
