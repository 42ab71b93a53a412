#include "sandboxd/replay/report_shelf.hpp"

#include <algorithm>
#include <fstream>
#include <functional>

#include "base/digest.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "report/gzip.hpp"
#include "report/reader.hpp"

namespace brood::sandboxd::replay {
namespace {

constexpr std::size_t kKeepBytes = std::size_t{256} << 20;
constexpr std::uint64_t kLargestReport = std::uint64_t{2} << 30;
constexpr std::size_t kChunk = std::size_t{256} << 10;

/// Feeds the unpacked bytes of a file to `sink`.
Expected<void, Error> ReadUnpacked(const std::filesystem::path& file, const report::Inflater::Sink& sink) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Unexpected(Permanent("cannot read the recorded report " + file.string()));
  report::Inflater inflater(sink, kLargestReport);
  std::vector<char> buffer(kChunk);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    const auto fed = inflater.Feed({buffer.data(), static_cast<std::size_t>(in.gcount())});
    if (!fed)
      return Unexpected(Permanent("cannot unpack the recorded report " + file.string(), Describe(fed.error())));
  }
  const auto finished = inflater.Finish();
  if (finished) return {};
  return Unexpected(
      Permanent("cannot unpack the recorded report " + file.string(), Describe(finished.error())));
}

std::string StemOf(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return LowerAscii(std::string_view(name).substr(0, name.find('.')));
}

bool IsReport(const std::filesystem::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  return entry.is_regular_file() && (name.ends_with(".json") || name.ends_with(".json.gz"));
}

/// Of the sample that the report is about; "" if that is not to be learned.
Expected<std::string, Error> SampleOf(const std::filesystem::path& file) {
  if (const std::string stem = StemOf(file); IsHex(stem, 64)) return stem;
  report::Reader reader;
  const auto read = ReadUnpacked(file, [&reader](std::string_view chunk) { reader.Feed(chunk); });
  if (!read) return Unexpected(read.error());
  const auto result = reader.Finish();
  return result ? LowerAscii(result->report.sha256) : std::string();
}

}  // namespace

Expected<void, Error> ReportShelf::Open(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (IsReport(entry)) found.push_back(entry.path());
  }
  if (error)
    return Unexpected(Permanent("cannot read the folder of reports " + folder.string(), error.message()));
  std::sort(found.begin(), found.end());
  for (const auto& file : found) {
    const auto sha256 = SampleOf(file);
    if (!sha256) {
      log::Warning("a recorded report is left out", {{"error", sha256.error()}});
      continue;
    }
    if (!sha256->empty()) by_sha256_.try_emplace(*sha256, files_.size());
    files_.push_back(file);
  }
  if (!files_.empty()) return {};
  return Unexpected(Permanent("there is no report (*.json, *.json.gz) in " + folder.string()));
}

Expected<ReportShelf::ReportPtr, Error> ReportShelf::Choose(const std::string& sha256, std::uint64_t turn) {
  const auto found = by_sha256_.find(sha256);
  return Get(found == by_sha256_.end() ? turn % files_.size() : found->second);
}

Expected<ReportShelf::ReportPtr, Error> ReportShelf::Get(std::size_t file) {
  {
    const std::lock_guard lock(mutex_);
    const auto kept =
        std::find_if(kept_.begin(), kept_.end(), [file](const Kept& k) { return k.file == file; });
    if (kept != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, kept);
      return kept_.front().report;
    }
  }
  std::string document;
  const auto read = ReadUnpacked(files_[file], [&document](std::string_view chunk) { document += chunk; });
  if (!read) return Unexpected(read.error());
  auto report = std::make_shared<const RecordedReport>(std::move(document));
  Keep(file, report);
  return report;
}

void ReportShelf::Keep(std::size_t file, const ReportPtr& report) {
  const std::lock_guard lock(mutex_);
  kept_.push_front({file, report});
  kept_bytes_ += report->Size();
  while (kept_bytes_ > kKeepBytes && !kept_.empty()) {
    kept_bytes_ -= kept_.back().report->Size();
    kept_.pop_back();
  }
}

}  // namespace brood::sandboxd::replay
