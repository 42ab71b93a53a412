#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "metrics/registry.hpp"
#include "model/report.hpp"
#include "store/reports.hpp"

namespace brood::store {

/// Reports that this process has just stored, as models, for whoever reads them next in the same process: the
/// document need not be read back and decoded again. A hint and nothing more: what is not here is in the store,
/// and a kill loses nothing. Each report is handed out once. Bounded: the oldest make room. Thread-safe.
class RecentReports {
 public:
  RecentReports(std::size_t max_bytes, metrics::Registry& metrics);

  /// `bytes` is the length of the report's document; one that is larger than a quarter of the room is not kept.
  void Put(const ReportKey& key, std::shared_ptr<const model::Report> report, std::size_t bytes);
  /// The report of that very run, or null.
  [[nodiscard]] std::shared_ptr<const model::Report> Take(const ReportKey& key);

 private:
  struct Kept {
    std::shared_ptr<const model::Report> report;
    std::size_t bytes = 0;
  };
  void MakeRoom();

  const std::size_t max_bytes_;
  metrics::Counter& taken_;
  metrics::Counter& missed_;
  std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;  ///< by id and run
  std::deque<std::string> order_;               ///< oldest first; some may be gone already
  std::size_t bytes_ = 0;
};

}  // namespace brood::store
