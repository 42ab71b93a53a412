#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/unique_fd.hpp"
#include "samples/folder/incoming_file.hpp"
#include "samples/folder/sync_group.hpp"
#include "samples/samples.hpp"

namespace brood::samples::folder {

/// Samples as files of one folder, which several processes may share: root/ab/cd/abcd…, mode 0600, folders
/// 0700.
///
/// What a Put returns survives a power loss, and a file under a sample's name is whole at any time: the bytes
/// are written to root/tmp, made durable, renamed, and the rename is made durable. Each of the two syncs is one
/// syncfs shared by all threads that wait for one, and a syncfs serves renames and new bytes alike, so that
/// under load one batch of samples costs one syncfs. Bytes that are there already cost nothing; for a minute
/// after a sample came, when another process may not have synced it yet, they cost one shared syncfs.
///
/// A full disk (ENOSPC, EDQUOT, EFBIG) is kFull and leaves nothing behind. What a crash left in root/tmp is
/// removed at the next start after an hour. Thread-safe.
class FolderSampleStore final : public SampleStore {
 public:
  /// Makes the folder. Throws std::runtime_error if it cannot.
  explicit FolderSampleStore(std::filesystem::path root);
  /// For tests: `sync` stands for syncfs and gives 0 or an errno; `fresh_for` for the minute above.
  FolderSampleStore(std::filesystem::path root, std::function<int()> sync,
                    std::chrono::seconds fresh_for = std::chrono::minutes{1});

  Expected<model::SampleHash, SampleError> Put(std::string_view bytes) override;
  Expected<model::SampleHash, SampleError> PutFile(const std::filesystem::path& file) override;
  Expected<std::filesystem::path, SampleError> Fetch(const model::SampleHash& hash) override;
  bool Has(const model::SampleHash& hash) override;
  void Remove(const model::SampleHash& hash) override;

 private:
  enum class Presence { kAbsent, kFresh, kDurable };

  [[nodiscard]] std::filesystem::path PlaceOf(const model::SampleHash& hash) const;
  [[nodiscard]] Presence Look(const model::SampleHash& hash, std::uint64_t size) const;
  [[nodiscard]] Expected<void, SampleError> Sync();
  [[nodiscard]] Expected<model::SampleHash, SampleError> Keep(IncomingFile file, model::SampleHash hash);
  [[nodiscard]] SampleError Failed(int error) const;

  std::filesystem::path root_, incoming_;
  UniqueFd root_fd_;
  SyncGroup syncs_;
  std::chrono::seconds fresh_for_;
};

}  // namespace brood::samples::folder
