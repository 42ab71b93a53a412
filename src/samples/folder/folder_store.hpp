#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "samples/folder/incoming_file.hpp"
#include "samples/folder/sync_group.hpp"
#include "samples/samples.hpp"

namespace brood::samples::folder {

/// Samples as files of one folder, which several processes may share: root/ab/abcd…, mode 0600, folders 0700.
///
/// What a Put returns survives a power loss, and a file under a sample's name is whole at any time: the bytes
/// are written to root/tmp, made durable, renamed, and the rename is made durable. Each of the two syncs is one
/// syncfs shared by all files of a call and by all threads that wait for one; it serves renames and new bytes
/// alike. Bytes that are there already cost nothing; for a minute
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

  Stored Put(std::string_view bytes) override;
  std::vector<Stored> PutFiles(std::span<const std::filesystem::path> files) override;
  Expected<std::filesystem::path, SampleError> Fetch(const model::SampleHash& hash) override;
  bool Has(const model::SampleHash& hash) override;
  void Remove(const model::SampleHash& hash) override;

 private:
  enum class Presence { kAbsent, kFresh, kDurable };
  /// One of the samples of a call: its bytes in root/tmp, or there already, or what went wrong.
  struct Copy {
    model::SampleHash hash;
    Presence presence = Presence::kAbsent;
    std::optional<IncomingFile> file;
    std::optional<SampleError> error;
  };

  [[nodiscard]] std::filesystem::path PlaceOf(const model::SampleHash& hash) const;
  [[nodiscard]] Presence Look(const model::SampleHash& hash, std::uint64_t size) const;
  [[nodiscard]] Expected<void, SampleError> Sync();
  [[nodiscard]] Copy CopyOf(std::string_view bytes) const;
  [[nodiscard]] Copy CopyOf(const std::filesystem::path& file) const;
  [[nodiscard]] Expected<IncomingFile, SampleError> Create() const;
  /// Moves the copies to their places and makes all of it durable.
  [[nodiscard]] std::vector<Stored> Keep(std::vector<Copy> copies);
  [[nodiscard]] SampleError Failed(int error) const;

  std::filesystem::path root_, incoming_;
  UniqueFd root_fd_;
  SyncGroup syncs_;
  std::chrono::seconds fresh_for_;
};

}  // namespace brood::samples::folder
