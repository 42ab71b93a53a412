#include "samples/folder/folder_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

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
  MakeFolder(incoming_);
  RemoveLeftovers(incoming_);
}

fs::path FolderSampleStore::PlaceOf(const SampleHash& hash) const {
  const std::string& name = hash.Get();
  return root_ / name.substr(0, 2) / name.substr(2, 2) / name;
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

Expected<SampleHash, SampleError> FolderSampleStore::Keep(IncomingFile file, SampleHash hash) {
  if (auto synced = Sync(); !synced) return Unexpected(std::move(synced.error()));
  if (auto moved = file.MoveTo(PlaceOf(hash)); !moved) return Unexpected(Failed(moved.error()));
  if (auto synced = Sync(); !synced) return Unexpected(std::move(synced.error()));
  return hash;
}

Expected<SampleHash, SampleError> FolderSampleStore::Put(std::string_view bytes) {
  SampleHash hash{Sha256Hex(bytes)};
  const Presence presence = Look(hash, bytes.size());
  if (presence == Presence::kDurable) return hash;
  if (presence == Presence::kFresh) return Sync().map([&] { return hash; });
  auto file = IncomingFile::Create(incoming_);
  if (!file) return Unexpected(Failed(file.error()));
  if (auto written = file->Write(bytes); !written) return Unexpected(Failed(written.error()));
  return Keep(std::move(*file), std::move(hash));
}

Expected<SampleHash, SampleError> FolderSampleStore::PutFile(const fs::path& path) {
  auto source = SourceFile::Open(path);
  if (!source) return Unexpected(std::move(source.error()));
  auto file = IncomingFile::Create(incoming_);
  if (!file) return Unexpected(Failed(file.error()));
  Sha256 digest;
  std::uint64_t size = 0;
  for (;;) {
    const auto piece = source->Read();
    if (!piece) return Unexpected(piece.error());
    if (piece->empty()) break;
    digest.Update(*piece);
    size += piece->size();
    if (auto written = file->Write(*piece); !written) return Unexpected(Failed(written.error()));
  }
  SampleHash hash{digest.FinishHex()};
  if (Look(hash, size) == Presence::kDurable) return hash;
  return Keep(std::move(*file), std::move(hash));
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
