#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/unique_fd.hpp"
#include "store/blacklist.hpp"

namespace brood::retrohunt {

/// What a hunt was begun with; one with another basis does not go on.
struct Heading {
  Time started{};
  std::string basis;  ///< rules, score and lists in force, in the caller's words
  bool operator==(const Heading&) const = default;
};

/// How far a hunt has come.
struct Standpoint {
  std::string next;  ///< where the scan of the reports goes on; empty at the end
  bool all_read = false;
  std::uint64_t reports = 0, unreadable = 0, doubtful = 0;
  bool operator==(const Standpoint&) const = default;
};

/// A value that a report blacklists, and whether it had an entry when the hunt came upon it.
struct Noted {
  store::BlacklistEntry entry;
  bool stood = false;
};

/// The file by which a hunt goes on after it was ended, however it was: lines of text, first the heading, then
/// what was noted, then after each page of reports a standpoint. What follows the last standpoint is of a page
/// that is read again. Holds a lock for as long as it lives. For one thread.
class Journal {
 public:
  /// Opens or makes the file (0600). An error names it; one that another process has open is an error as well.
  [[nodiscard]] static Expected<Journal, Error> Open(const std::filesystem::path& file);

  struct Kept {
    Heading heading;
    Standpoint standpoint;
  };
  /// What the file has; nothing where it has no standpoint. What follows the last one is cut off.
  [[nodiscard]] Expected<std::optional<Kept>, Error> Read();
  /// Makes it empty but for the heading.
  [[nodiscard]] Expected<void, Error> Begin(const Heading& heading);

  // Noted now, written by the next Commit.
  void Note(const Noted& noted);                 ///< the best so far of its value
  void NoteSame(std::string_view key_in_hex);    ///< an entry stands as a report has it
  void NoteSpared(std::string_view key_in_hex);  ///< a report names the value and does not blacklist it
  [[nodiscard]] Expected<void, Error> Commit(const Standpoint& standpoint);

  struct Reader {
    std::function<Expected<void, Error>(Noted&&)> noted;
    std::function<void(std::string_view key_in_hex)> same, spared;
  };
  /// All that was noted and committed, in order; functions that are not set are not called. The first error of
  /// `noted` ends it.
  [[nodiscard]] Expected<void, Error> Replay(const Reader& reader) const;

  /// The hunt is over: the file goes.
  void Remove();

 private:
  Journal(std::filesystem::path file, UniqueFd fd) : file_(std::move(file)), fd_(std::move(fd)) {}
  [[nodiscard]] Error Trouble(std::string_view what) const;

  std::filesystem::path file_;
  UniqueFd fd_;
  std::string pending_;
};

}  // namespace brood::retrohunt
