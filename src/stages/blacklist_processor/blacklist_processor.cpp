#include "stages/blacklist_processor/blacklist_processor.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "model/report_json.hpp"
#include "model/verdict_json.hpp"
#include "store/verdict_entries.hpp"

namespace brood::stages::blacklist_processor {

using model::State;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Retry;

/// One message of the batch: what was read and what the rules said, or the fate that ended it.
struct BlacklistProcessor::Work {
  model::StoredMessage message;
  std::optional<Fate> fate;
  store::ReportKey key;  ///< of the run that was scored
  std::string sha256;
  std::vector<model::Verdict> verdicts;

  [[nodiscard]] bool Open() const { return !fate; }
};

BlacklistProcessor::BlacklistProcessor(Settings settings, CurrentRules current_rules,
                                       CurrentLists current_lists, store::Store& store,
                                       store::RecentReports* recent, metrics::Registry& metrics)
    : settings_(std::move(settings)),
      current_rules_(std::move(current_rules)),
      current_lists_(std::move(current_lists)),
      store_(store),
      recent_(recent),
      scored_(metrics.GetCounter("brood_blacklist_processor_reports_total", "Reports scored.")),
      blacklisted_(
          metrics.GetCounter("brood_blacklist_processor_blacklisted_total", "Verdicts that blacklist.")),
      limit_hits_(metrics.GetCounter("brood_blacklist_processor_limit_hits_total",
                                     "Patterns given up at a limit while they searched a report.")) {}

std::vector<Fate> BlacklistProcessor::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  const rules::RuleSet rules = current_rules_();
  const auto lists = current_lists_();
  std::vector<Work> works(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto message = model::StoredMessageFromJson(batch[i].body);
    if (!message) {
      works[i].fate = Fail{message.error()};
      continue;
    }
    works[i].message = std::move(*message);
    Score(works[i], rules, *lists);
  }
  auto written = WriteEntries(works, turn.now);
  CrashPoint("blacklist_processor.entries_written");
  if (written) written = MarkProcessed(works);
  CrashPoint("blacklist_processor.marked");
  if (written) written = MoveRecords(works, turn.now);
  CrashPoint("blacklist_processor.records_written");
  std::vector<Fate> fates;
  for (Work& work : works) {
    if (work.fate)
      fates.push_back(std::move(*work.fate));
    else if (!written)
      fates.push_back(Retry{written.error()});
    else
      fates.push_back(Done{});
  }
  return fates;
}

std::shared_ptr<const model::Report> BlacklistProcessor::Find(Work& work) {
  if (auto run = model::RunFrom(work.message.run); run && recent_ != nullptr) {
    work.key = {work.message.report_id, std::move(*run)};
    if (auto report = recent_->Take(work.key)) return report;
  }
  return ReadStored(work);
}

std::shared_ptr<const model::Report> BlacklistProcessor::ReadStored(Work& work) {
  auto stored = store_.Reports().Get(work.message.report_id);
  if (!stored) {
    work.fate = Retry{store::ToError(stored.error())};
    return nullptr;
  }
  if (!*stored) {
    work.fate = Fail{Permanent("the report is not in the store", work.message.report_id)};
    return nullptr;
  }
  work.key = {(*stored)->id, (*stored)->run};
  auto report = model::ReportFromJson((*stored)->document);
  if (!report) {
    work.fate = Fail{Permanent("the stored report cannot be read: " + work.key.id, Describe(report.error()))};
    return nullptr;
  }
  return std::make_shared<const model::Report>(std::move(*report));
}

void BlacklistProcessor::Score(Work& work, const rules::RuleSet& rules, const rules::Lists& lists) {
  const auto report = Find(work);
  if (!report) return;
  work.sha256 = report->sha256;
  rules::Evaluation evaluation = rules::Evaluate(rules, *report, lists);
  CountLimitHits(evaluation, work.key.id);
  work.verdicts = std::move(evaluation.verdicts);
  scored_.Add();
}

void BlacklistProcessor::CountLimitHits(const rules::Evaluation& evaluation, const std::string& report) {
  for (const rules::LimitHit& hit : evaluation.limit_hits) {
    limit_hits_.Add(static_cast<double>(hit.times));
    log::Warning("a pattern was given up at a limit",
                 {{"report", report}, {"key", hit.key}, {"value", hit.value}, {"what", hit.what}});
  }
}

Expected<void, Error> BlacklistProcessor::WriteEntries(std::vector<Work>& works, Time now) {
  std::vector<store::BlacklistEntry> entries;
  for (const Work& work : works) {
    if (!work.Open()) continue;
    std::ranges::move(store::EntriesOf(work.verdicts, work.sha256, now), std::back_inserter(entries));
  }
  if (entries.empty()) return {};
  blacklisted_.Add(static_cast<double>(entries.size()));
  return store_.Blacklist().Upsert(entries).map_error(store::ToError);
}

Expected<void, Error> BlacklistProcessor::MarkProcessed(const std::vector<Work>& works) {
  std::vector<store::ReportKey> keys;
  for (const Work& work : works) {
    if (work.Open()) keys.push_back(work.key);
  }
  if (keys.empty()) return {};
  return store_.Reports().MarkProcessed(keys).map_error(store::ToError);
}

Expected<void, Error> BlacklistProcessor::MoveRecords(std::vector<Work>& works, Time now) {
  std::vector<model::Submission> records;
  for (const Work& work : works) {
    if (!work.Open() || work.message.submission.Get().empty()) continue;
    auto record = store_.Submissions().Get(work.message.submission);
    if (!record) return Unexpected(store::ToError(record.error()));
    if (!*record) continue;
    (*record)->state = State::kScored;
    (*record)->changed = now;
    (*record)->stage.clear();
    (*record)->reason.clear();
    for (const model::Verdict& verdict : work.verdicts) {
      if (verdict.type != "hash") continue;
      (*record)->score = verdict.score;
      (*record)->blacklisted = verdict.blacklisted;
      (*record)->reasons = model::ReasonsToJson(verdict.reasons);
    }
    records.push_back(std::move(**record));
  }
  if (records.empty()) return {};
  const auto moved = store_.Submissions().Advance(records);
  if (!moved) return Unexpected(store::ToError(moved.error()));
  return {};
}

}  // namespace brood::stages::blacklist_processor
