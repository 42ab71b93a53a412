#include "sandboxd/sample_index.hpp"

namespace brood::sandboxd {

void SampleIndex::Insert(SampleSeen seen) {
  Entry& entry = entries_[seen.sample.id];
  if (entry.sample) return;
  by_sha256_[seen.sample.digests.sha256] = seen.sample.id;
  by_md5_[seen.sample.digests.md5] = seen.sample.id;
  next_id_ = std::max(next_id_, seen.sample.id + 1);
  ++totals_.samples;
  for (const auto& [custom, times] : seen.uploads) Count(entry, custom, times);
  entry.sample = std::make_shared<const Sample>(std::move(seen.sample));
}

void SampleIndex::Count(Entry& entry, const std::string& custom, std::uint32_t times) {
  std::uint32_t& of_custom = entry.uploads[custom];
  if (of_custom <= 1 && of_custom + times > 1) ++totals_.uploaded_twice_as_same;
  if (entry.total <= 1 && entry.total + times > 1) ++totals_.uploaded_twice;
  of_custom += times;
  entry.total += times;
  totals_.uploads += times;
}

void SampleIndex::CountUpload(std::int64_t sample, const std::string& custom) {
  if (const auto found = entries_.find(sample); found != entries_.end()) Count(found->second, custom, 1);
}

void SampleIndex::AddTask(std::int64_t sample, std::int64_t task) {
  if (const auto found = entries_.find(sample); found != entries_.end()) found->second.tasks.insert(task);
}

void SampleIndex::RemoveTask(std::int64_t sample, std::int64_t task) {
  if (const auto found = entries_.find(sample); found != entries_.end()) found->second.tasks.erase(task);
}

void SampleIndex::Clear() { *this = SampleIndex(); }

SamplePtr SampleIndex::Get(std::int64_t id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.sample;
}

SamplePtr SampleIndex::FindSha256(std::string_view sha256) const {
  const auto found = by_sha256_.find(std::string(sha256));
  return found == by_sha256_.end() ? nullptr : Get(found->second);
}

SamplePtr SampleIndex::FindMd5(std::string_view md5) const {
  const auto found = by_md5_.find(std::string(md5));
  return found == by_md5_.end() ? nullptr : Get(found->second);
}

std::vector<std::int64_t> SampleIndex::TasksOf(std::int64_t sample) const {
  const auto found = entries_.find(sample);
  if (found == entries_.end()) return {};
  return {found->second.tasks.begin(), found->second.tasks.end()};
}

std::vector<SampleSeen> SampleIndex::All() const {
  std::vector<SampleSeen> all;
  for (const auto& [id, entry] : entries_) all.push_back({*entry.sample, entry.uploads});
  return all;
}

}  // namespace brood::sandboxd
