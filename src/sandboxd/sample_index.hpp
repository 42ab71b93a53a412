#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sandboxd/journal_json.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

/// What the sandbox knows of every content it was given, tasks deleted since included. Not thread-safe.
class SampleIndex {
 public:
  struct Totals {
    std::uint64_t samples = 0, uploads = 0;
    std::uint64_t uploaded_twice = 0;          ///< contents with more than one upload
    std::uint64_t uploaded_twice_as_same = 0;  ///< (content, custom text) with more than one
  };

  void Insert(SampleSeen seen);
  void CountUpload(std::int64_t sample, const std::string& custom);
  void AddTask(std::int64_t sample, std::int64_t task);
  void RemoveTask(std::int64_t sample, std::int64_t task);
  void Clear();

  [[nodiscard]] SamplePtr Get(std::int64_t id) const;
  [[nodiscard]] SamplePtr FindSha256(std::string_view sha256) const;
  [[nodiscard]] SamplePtr FindMd5(std::string_view md5) const;
  [[nodiscard]] std::vector<std::int64_t> TasksOf(std::int64_t sample) const;
  [[nodiscard]] std::int64_t NextId() const { return next_id_; }
  void KeepIdsBelow(std::int64_t next_id) { next_id_ = std::max(next_id_, next_id); }
  [[nodiscard]] const Totals& Counted() const { return totals_; }
  /// By id.
  [[nodiscard]] std::vector<SampleSeen> All() const;

 private:
  struct Entry {
    SamplePtr sample;
    UploadCounts uploads;
    std::uint64_t total = 0;
    std::set<std::int64_t> tasks;
  };
  void Count(Entry& entry, const std::string& custom, std::uint32_t times);

  std::map<std::int64_t, Entry> entries_;
  std::unordered_map<std::string, std::int64_t> by_sha256_, by_md5_;
  std::int64_t next_id_ = 1;
  Totals totals_;
};

}  // namespace brood::sandboxd
