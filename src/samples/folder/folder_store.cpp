#include "samples/folder/folder_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "base/digest.hpp"
#include "samples/folder/source_file.hpp"

namespace brood::samples::folder {
namespace {

namespace fs = std::filesystem;
using model::SampleHash;

constexpr std::size_t kHashDigits = 64;
constexpr std::chrono::hours kLeftoverAge{1};

void MakeFolder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || (errno == EEXIST && fs::is_directory(folder))) return;
  throw std::runtime_error(fmt::format("cannot make the folder {}: {}", folder.string(), std::strerror(errno)));
}

UniqueFd OpenFolder(const fs::path& folder) {
  std::error_code ignored;
  fs::create_directories(folder.parent_path(), ignored);
  MakeFolder(folder);
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) return fd;
  throw std::runtime_error(fmt::format("cannot open the folder {}: {}", folder.string(), std::strerror(errno)));
}

/// ext4 puts a new file beside its neighbours, and passes over the places of files just deleted one by one: the
/// watched folder's, by the thousand. Marked as the top of a hierarchy, the root has its folders placed apart
/// from what else is near. A wish only: other file systems have no such mark.
void PlaceApart(int folder) {
  int flags = 0;
  if (::ioctl(folder, FS_IOC_GETFLAGS, &flags) != 0 || (flags & FS_TOPDIR_FL) != 0) return;
  flags |= FS_TOPDIR_FL;
  (void)::ioctl(folder, FS_IOC_SETFLAGS, &flags);
}

void RemoveLeftovers(const fs::path& folder) {
  std::error_code ignored;
  const auto old = fs::file_time_type::clock::now() - kLeftoverAge;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto written = entry.last_write_time(ignored);
    if (!ignored && written < old) fs::remove(entry.path(), ignored);
  }
}

SampleError NoSuchSample(const SampleHash& hash) {
  return {Errc::kUnknown, fmt::format("there is no sample {:.80}", hash.Get())};
}

}  // namespace

FolderSampleStore::FolderSampleStore(fs::path root)
    : FolderSampleStore(std::move(root), [this] { return ::syncfs(root_fd_.Get()) == 0 ? 0 : int{errno}; }) {}

FolderSampleStore::FolderSampleStore(fs::path root, std::function<int()> sync, std::chrono::seconds fresh_for)
    : root_(std::move(root)),
      incoming_(root_ / "tmp"),
      root_fd_(OpenFolder(root_)),
      syncs_(std::move(sync)),
      fresh_for_(fresh_for) {
  PlaceApart(root_fd_.Get());
  MakeFolder(incoming_);
  RemoveLeftovers(incoming_);
}

fs::path FolderSampleStore::PlaceOf(const SampleHash& hash) const {
  const std::string& name = hash.Get();
  return root_ / name.substr(0, 2) / name;
}

SampleError FolderSampleStore::Failed(int error) const {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  if (full) return {Errc::kFull, fmt::format("there is no room for a sample in {}", root_.string())};
  return {Errc::kUnavailable,
          fmt::format("cannot store a sample in {}: {}", root_.string(), std::strerror(error))};
}

FolderSampleStore::Presence FolderSampleStore::Look(const SampleHash& hash, std::uint64_t size) const {
  struct stat info {};
  if (::lstat(PlaceOf(hash).c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return Presence::kAbsent;
  // A file of another size was damaged from outside: it is written anew.
  if (static_cast<std::uint64_t>(info.st_size) != size) return Presence::kAbsent;
  return std::time(nullptr) - info.st_ctim.tv_sec < fresh_for_.count() ? Presence::kFresh : Presence::kDurable;
}

Expected<void, SampleError> FolderSampleStore::Sync() {
  if (const int error = syncs_.Sync()) return Unexpected(Failed(error));
  return {};
}

Expected<IncomingFile, SampleError> FolderSampleStore::Create() const {
  return IncomingFile::Create(incoming_).map_error([this](int error) { return Failed(error); });
}

FolderSampleStore::Copy FolderSampleStore::CopyOf(std::string_view bytes) const {
  Copy copy{SampleHash{Sha256Hex(bytes)}, Presence::kAbsent, {}, {}};
  copy.presence = Look(copy.hash, bytes.size());
  if (copy.presence != Presence::kAbsent) return copy;
  auto file = Create();
  if (!file) return {{}, {}, {}, std::move(file.error())};
  if (auto written = file->Write(bytes); !written) return {{}, {}, {}, Failed(written.error())};
  copy.file = std::move(*file);
  return copy;
}

FolderSampleStore::Copy FolderSampleStore::CopyOf(const fs::path& path) const {
  auto source = SourceFile::Open(path);
  if (!source) return {{}, {}, {}, std::move(source.error())};
  auto file = Create();
  if (!file) return {{}, {}, {}, std::move(file.error())};
  Sha256 digest;
  std::uint64_t size = 0;
  for (;;) {
    const auto piece = source->Read();
    if (!piece) return {{}, {}, {}, piece.error()};
    if (piece->empty()) break;
    digest.Update(*piece);
    size += piece->size();
    if (auto written = file->Write(*piece); !written) return {{}, {}, {}, Failed(written.error())};
  }
  Copy copy{SampleHash{digest.FinishHex()}, Presence::kAbsent, {}, {}};
  copy.presence = Look(copy.hash, size);
  if (copy.presence != Presence::kDurable) copy.file = std::move(*file);
  return copy;
}

std::vector<Stored> FolderSampleStore::Keep(std::vector<Copy> copies) {
  const auto fail_all = [&copies](const SampleError& error) {
    for (Copy& copy : copies) {
      if (!copy.error && copy.presence != Presence::kDurable) copy.error = error;
    }
  };
  const auto waits = [](const Copy& copy) { return !copy.error && copy.presence != Presence::kDurable; };
  const auto has_file = [&waits](const Copy& copy) { return waits(copy) && copy.file; };
  if (std::any_of(copies.begin(), copies.end(), has_file)) {
    if (auto synced = Sync(); !synced) fail_all(synced.error());
  }
  for (Copy& copy : copies) {
    if (!has_file(copy)) continue;
    if (auto moved = copy.file->MoveTo(PlaceOf(copy.hash)); !moved) copy.error = Failed(moved.error());
  }
  if (std::any_of(copies.begin(), copies.end(), waits)) {
    if (auto synced = Sync(); !synced) fail_all(synced.error());
  }
  std::vector<Stored> stored;
  for (Copy& copy : copies) {
    if (copy.error) {
      stored.push_back(Unexpected(std::move(*copy.error)));
    } else {
      stored.emplace_back(std::move(copy.hash));
    }
  }
  return stored;
}

Stored FolderSampleStore::Put(std::string_view bytes) {
  std::vector<Copy> copies;
  copies.push_back(CopyOf(bytes));
  return std::move(Keep(std::move(copies)).front());
}

std::vector<Stored> FolderSampleStore::PutFiles(std::span<const fs::path> files) {
  std::vector<Copy> copies;
  copies.reserve(files.size());
  for (const fs::path& file : files) copies.push_back(CopyOf(file));
  return Keep(std::move(copies));
}

Expected<fs::path, SampleError> FolderSampleStore::Fetch(const SampleHash& hash) {
  if (!Has(hash)) return Unexpected(NoSuchSample(hash));
  return PlaceOf(hash);
}

bool FolderSampleStore::Has(const SampleHash& hash) {
  struct stat info {};
  return IsHex(hash.Get(), kHashDigits) && ::lstat(PlaceOf(hash).c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

void FolderSampleStore::Remove(const SampleHash& hash) {
  if (IsHex(hash.Get(), kHashDigits)) ::unlink(PlaceOf(hash).c_str());
}

}  // namespace brood::samples::folder
