#include <algorithm>
#include <map>

#include "store/limits.hpp"
#include "store/opensearch/amend.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/report_source.hpp"

namespace brood::store::opensearch {
namespace {

/// A page of a scan ends behind the document that goes over this.
constexpr std::size_t kScanBytes = std::size_t{16} << 20;

/// The reports of one id, in order, and where their answers go.
using ReportsOfId = std::vector<std::pair<const StoredReport*, Moved*>>;

Result<Change> Decide(const std::optional<Document>& standing, const ReportsOfId& reports) {
  std::optional<model::Run> newest;
  if (standing) {
    auto stands = ReadReport(standing->source);
    if (!stands) return Unexpected(std::move(stands.error()));
    newest = std::move(stands->run);
  }
  const StoredReport* wins = nullptr;
  for (const auto& [report, answer] : reports) {
    *answer = !newest || report->run > *newest ? Moved::kMoved : Moved::kCurrent;
    if (*answer == Moved::kCurrent) continue;
    newest = report->run;
    wins = report;
  }
  return wins != nullptr ? Change{Verb::kPut, ToSource(*wins)} : Change{};
}

Result<Change> Mark(const std::optional<Document>& standing, const std::vector<model::Run>& runs) {
  if (!standing) return Change{};
  const auto stands = ReadReport(standing->source);
  if (!stands) return Unexpected(stands.error());
  const bool is_meant = std::ranges::find(runs, stands->run) != runs.end();
  return is_meant && !stands->processed ? Change{Verb::kMerge, R"({"processed":true})"} : Change{};
}

class EngineReports final : public Reports {
 public:
  explicit EngineReports(Documents& documents) : documents_(documents) {}

  Result<std::vector<Moved>> Put(std::span<const StoredReport> reports) override {
    if (auto fine = CheckAll(reports); !fine) return Unexpected(fine.error());
    std::vector<Moved> answers(reports.size(), Moved::kCurrent);
    std::map<std::string, ReportsOfId> by_id;
    for (std::size_t i = 0; i < reports.size(); ++i)
      by_id[reports[i].id].emplace_back(&reports[i], &answers[i]);
    std::vector<Amendment> amendments;
    for (const auto& [id, of_id] : by_id) {
      amendments.push_back({id, [&of_id = of_id](const auto& standing) { return Decide(standing, of_id); }});
    }
    return Amend(documents_, std::move(amendments), Expect::kNothing, kReportFields).map([&] {
      return answers;
    });
  }

  Result<std::optional<StoredReport>> Get(const std::string& id) override {
    if (!CheckId("report's id", id)) return std::optional<StoredReport>();
    const auto document = documents_.GetOne(id);
    if (!document) return Unexpected(document.error());
    if (!*document) return std::optional<StoredReport>();
    return ReadReport((*document)->source).map([](StoredReport&& report) {
      return std::optional<StoredReport>(std::move(report));
    });
  }

  Result<void> MarkProcessed(std::span<const ReportKey> keys) override {
    std::map<std::string, std::vector<model::Run>> by_id;
    for (const ReportKey& key : keys) {
      if (CheckId("report's id", key.id)) by_id[key.id].push_back(key.run);
    }
    std::vector<Amendment> amendments;
    for (const auto& [id, runs] : by_id) {
      amendments.push_back({id, [&runs = runs](const auto& standing) { return Mark(standing, runs); }});
    }
    return Amend(documents_, std::move(amendments), Expect::kSomething, kReportFields);
  }

  Result<std::vector<StoredReport>> Unprocessed(Time before, std::size_t max) override {
    Query query;
    query.IsFlag("processed", false).Range("stored", "lt", ToMillis(before)).Sorted("stored", "asc");
    query.Fields(kReportFields);
    const auto sources = documents_.Search(query.Body(std::min(max, kMaxHits)));
    if (!sources) return Unexpected(sources.error());
    std::vector<StoredReport> reports;
    for (const std::string& source : *sources) {
      auto report = ReadReport(source);
      if (!report) return Unexpected(std::move(report.error()));
      reports.push_back(std::move(*report));
    }
    return reports;
  }

  Result<Listing<StoredReport>> Scan(const Page& page) override {
    Query query;
    query.Is("type", "report").Sorted("", "asc").Fields(kReportFields);
    if (!page.after.empty()) query.After({0, page.after});
    const auto sources = documents_.Search(query.Body(HitsFor(page)));
    if (!sources) return Unexpected(sources.error());
    std::vector<std::string> ids;
    std::size_t bytes = 0;
    for (const std::string& source : *sources) {
      if (ids.size() + 1 == HitsFor(page) || bytes > kScanBytes) break;
      auto report = ReadReport(source);
      if (!report) return Unexpected(std::move(report.error()));
      bytes += ReadSize(source);
      ids.push_back(std::move(report->id));
    }
    Listing<StoredReport> listing;
    if (ids.size() < sources->size()) listing.next = ids.back();
    return Fetch(ids, std::move(listing));
  }

  Result<std::uint64_t> CountSince(std::optional<Time> since) override {
    Query query;
    query.Is("type", "report");
    if (since) query.Range("stored", "gte", ToMillis(*since));
    return documents_.Count(query.Conditions());
  }

 private:
  /// The reports of these ids into the listing; one that has gone meanwhile is left out.
  Result<Listing<StoredReport>> Fetch(const std::vector<std::string>& ids, Listing<StoredReport> listing) {
    const auto documents = documents_.Get(ids);
    if (!documents) return Unexpected(documents.error());
    for (const auto& document : *documents) {
      if (!document) continue;
      auto report = ReadReport(document->source);
      if (!report) return Unexpected(std::move(report.error()));
      listing.items.push_back(std::move(*report));
    }
    return listing;
  }

  Documents& documents_;
};

}  // namespace

std::unique_ptr<Reports> MakeReports(Documents& cuckoo) { return std::make_unique<EngineReports>(cuckoo); }

}  // namespace brood::store::opensearch
