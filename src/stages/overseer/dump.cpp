#include "stages/overseer/dump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/file.hpp"
#include "letters/desk.hpp"
#include "model/messages_json.hpp"
#include "stages/overseer/overseer.hpp"
#include "stages/overseer/refeed.hpp"

namespace brood::stages::overseer {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> DumpsIn(const fs::path& dir) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir, error)) {
    const bool hidden = entry.path().filename().string().starts_with('.');
    if (!hidden && entry.is_regular_file(error) && entry.path().extension() == ".json")
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// What writers that were killed have left of this dump.
std::vector<fs::path> DraftsOf(const fs::path& dir, const std::string& key) {
  std::vector<fs::path> drafts;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(dir, error)) {
    if (entry.path().filename().string().starts_with("." + key + ".json.")) drafts.push_back(entry.path());
  }
  return drafts;
}

Expected<void, Error> RemoveFile(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);  // what is not there is no error
  if (error)
    return Unexpected(Transient("the dumped message " + file.string() + " cannot be removed", error.message()));
  return {};
}

Expected<void, Error> SendBack(const fs::path& file, broker::Broker& broker, store::DeadLetters& letters) {
  const auto text = ReadFile(file);
  if (!text) return Unexpected(text.error());
  const auto failure = model::FailureMessageFromJson(*text);
  if (!failure)
    return Unexpected(Permanent(file.string() + " is no dumped message", Describe(failure.error())));
  if (const auto why = letters::WhyNotSentBack(*failure); !why.empty())
    return Unexpected(Permanent(file.string() + " cannot be sent back", why));
  const broker::Outgoing message{failure->queue, WithFreshCount(failure->msg), {}};
  // The letter goes first: the message may fail again before this returns, and then counts from one.
  if (const auto removed = letters.Remove(LetterKey(failure->queue, failure->msg)); !removed) {
    return Unexpected(store::ToError(removed.error()));
  }
  if (const auto sent = broker.Publish(std::span(&message, 1)); !sent) {
    return Unexpected(Transient(file.string() + " cannot be sent back", sent.error().what));
  }
  return RemoveFile(file);
}

}  // namespace

fs::path DumpFile(const fs::path& dir, const std::string& key) { return dir / (key + ".json"); }

Expected<void, Error> WriteDump(const fs::path& dir, const std::string& key,
                                const model::FailureMessage& failure) {
  std::error_code error;
  const bool is_new = fs::create_directories(dir, error);
  if (error) return Unexpected(Transient("cannot make the dump folder " + dir.string(), error.message()));
  if (is_new) fs::permissions(dir, fs::perms::owner_all, error);
  return WriteFileDurably(DumpFile(dir, key), model::ToJson(failure));
}

Expected<void, Error> RemoveDump(const fs::path& dir, const std::string& key) {
  for (const fs::path& draft : DraftsOf(dir, key)) {
    if (auto removed = RemoveFile(draft); !removed) return removed;
  }
  return RemoveFile(DumpFile(dir, key));
}

Resubmitted ResubmitDumped(const fs::path& dir, broker::Broker& broker, store::DeadLetters& letters,
                           const std::function<void(std::size_t, std::size_t)>& progress) {
  Resubmitted result;
  const auto files = DumpsIn(dir);
  std::size_t done = 0;
  for (const fs::path& file : files) {
    if (auto sent = SendBack(file, broker, letters))
      ++result.sent;
    else
      result.problems.push_back(sent.error());
    if (progress) progress(++done, files.size());
  }
  return result;
}

}  // namespace brood::stages::overseer
