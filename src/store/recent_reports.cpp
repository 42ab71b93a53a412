#include "store/recent_reports.hpp"

#include <utility>

namespace brood::store {
namespace {

std::string NameOf(const ReportKey& key) { return key.id + '\n' + model::ToText(key.run); }

}  // namespace

RecentReports::RecentReports(std::size_t max_bytes, metrics::Registry& metrics)
    : max_bytes_(max_bytes),
      taken_(metrics.GetCounter("brood_recent_reports_total",
                                "Stored reports that were asked for again in the same process.",
                                {{"found", "yes"}})),
      missed_(metrics.GetCounter("brood_recent_reports_total",
                                 "Stored reports that were asked for again in the same process.",
                                 {{"found", "no"}})) {}

void RecentReports::Put(const ReportKey& key, std::shared_ptr<const model::Report> report, std::size_t bytes) {
  if (bytes > max_bytes_ / 4) return;
  std::string name = NameOf(key);
  const std::lock_guard lock(mutex_);
  const auto [place, is_new] = kept_.try_emplace(name, Kept{std::move(report), bytes});
  if (!is_new) return;
  order_.push_back(std::move(name));
  bytes_ += bytes;
  MakeRoom();
}

std::shared_ptr<const model::Report> RecentReports::Take(const ReportKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(NameOf(key));
  if (found == kept_.end()) {
    missed_.Add();
    return nullptr;
  }
  taken_.Add();
  auto report = std::move(found->second.report);
  bytes_ -= found->second.bytes;
  kept_.erase(found);
  return report;
}

/// Also drops the names of what was taken, so that `order_` stays as short as what is kept.
void RecentReports::MakeRoom() {
  while (!order_.empty()) {
    const auto oldest = kept_.find(order_.front());
    if (oldest != kept_.end()) {
      if (bytes_ <= max_bytes_) return;
      bytes_ -= oldest->second.bytes;
      kept_.erase(oldest);
    }
    order_.pop_front();
  }
}

}  // namespace brood::store
