#include "stages/parse_and_submit/parse_and_submit.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "model/report_json.hpp"
#include "report/reader.hpp"
#include "stages/parse_and_submit/report_check.hpp"

namespace brood::stages::parse_and_submit {

using model::State;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Retry;

struct ParseAndSubmit::Work {
  const stage::Turn& turn;
  model::TaskMessage task;
  std::optional<model::Submission> record;
  report::ReadResult read;
  store::StoredReport stored;
  store::Moved put = store::Moved::kCurrent;
};

ParseAndSubmit::ParseAndSubmit(Settings settings, FindNode find_node, store::Submissions& submissions,
                               store::Reports& reports, store::RecentReports* recent,
                               metrics::Registry& metrics)
    : settings_(std::move(settings)),
      find_node_(std::move(find_node)),
      submissions_(submissions),
      reports_(reports),
      recent_(recent),
      metrics_(metrics),
      bytes_(metrics.GetCounter("brood_parse_and_submit_report_bytes_total", "Bytes of raw reports read.")),
      seconds_(
          metrics.GetHistogram("brood_parse_and_submit_fetch_seconds", "Time to fetch and read one report.")),
      twins_(metrics.GetCounter("brood_parse_and_submit_late_reports_total",
                                "Reports of a submission that had one already; the first one wins.")) {}

std::vector<Fate> ParseAndSubmit::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message, turn));
  return fates;
}

Fate ParseAndSubmit::HandleOne(const broker::Message& message, const stage::Turn& turn) {
  auto task = model::TaskMessageFromJson(message.body);
  if (!task) return Fail{task.error()};
  Work work{turn, std::move(*task), std::nullopt, {}, {}, {}};
  const auto node = find_node_(work.task.node);
  if (!node) return Fail{Permanent("a task of a sandbox that is not configured", work.task.node.Get())};
  if (auto found = FindRecord(work); !found) return found.error();
  if (auto fetched = Fetch(work, *node); !fetched) return fetched.error();
  CrashPoint("parse_and_submit.fetched");
  if (auto stored = Store(work); !stored) return stored.error();
  CrashPoint("parse_and_submit.stored");
  if (auto moved = MoveRecord(work); !moved) return moved.error();
  CrashPoint("parse_and_submit.record_written");
  HandOn(work);
  return Next(work);
}

/// Ends early where a report is stored already. Of this run: what follows is published again. Of another: this
/// one is a twin's, the first report wins. Nothing is fetched.
Expected<void, Fate> ParseAndSubmit::FindRecord(Work& work) {
  if (work.task.submission.Get().empty()) return {};
  auto record = submissions_.Get(work.task.submission);
  if (!record) return Unexpected(Fate{Retry{store::ToError(record.error())}});
  if (!*record) return {};
  work.record = std::move(**record);
  if (work.task.sha256.Get().empty()) work.task.sha256 = work.record->sha256;
  const bool has_report = work.record->state == State::kStored || work.record->state == State::kScored;
  if (!has_report || work.record->attempt < work.task.attempt) return {};
  if (work.record->run.id == RunId(work.task)) return Unexpected(Fate{Next(work)});
  twins_.Add();
  Done twin;
  AddCleanup(work, twin);
  return Unexpected(Fate{std::move(twin)});
}

Expected<void, Fate> ParseAndSubmit::Fetch(Work& work, sandbox::Node& node) {
  const auto started = std::chrono::steady_clock::now();
  const std::string which = fmt::format("task {} of {}", work.task.task.Get(), work.task.node.Get());
  report::Reader reader(settings_.limits);
  const auto got = node.Report(
      work.task.task, [&](std::string_view chunk) { reader.Feed(chunk); }, work.turn.stop);
  if (!got && got.error().code == sandbox::Errc::kNotFound) {
    return Unexpected(Fate{Fail{TaskLost("the sandbox says reported but has no report", which)}});
  }
  if (!got) return Unexpected(Fate{Retry{sandbox::ToError(got.error())}});
  auto read = reader.Finish();
  if (!read) return Unexpected(Fate{Retry{Transient(Describe(read.error()), which)}});
  if (!read->facts.has_sections) {
    return Unexpected(Fate{Retry{Transient("the sandbox sent JSON that is no report", which)}});
  }
  if (const std::string foreign = WhyForeign(work.task, read->facts, read->report); !foreign.empty()) {
    return Unexpected(Fate{Fail{TaskLost("the report is not this task's: " + foreign, which)}});
  }
  work.read = std::move(*read);
  bytes_.Add(static_cast<double>(work.read.facts.bytes));
  seconds_.Observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  return {};
}

Expected<void, Fate> ParseAndSubmit::Store(Work& work) {
  model::Report& report = work.read.report;
  if (report.sha256.empty()) report.sha256 = work.task.sha256.Get();
  store::StoredReport& stored = work.stored;
  stored.id = DocumentId(work.task, report);
  stored.run = {work.task.fed_at, RunId(work.task)};
  stored.submission = work.task.submission;
  stored.stored = work.turn.now;
  stored.document = model::ToJson(report);
  const auto put = reports_.Put(std::span(&stored, 1));
  if (!put) return Unexpected(Fate{Retry{store::ToError(put.error())}});
  work.put = put->front();
  return {};
}

Expected<void, Fate> ParseAndSubmit::MoveRecord(Work& work) {
  if (!work.record) return {};
  model::Submission record = *work.record;
  record.state = State::kStored;
  record.attempt = work.task.attempt;
  record.run = work.stored.run;
  record.report_note = NoteOn(work.read.facts, work.read.report);
  record.changed = work.turn.now;
  if (!record.report_note.empty()) {
    metrics_
        .GetCounter("brood_parse_and_submit_empty_reports_total", "Reports without behaviour or with errors.",
                    {{"machine", work.read.report.machine_info.name}})
        .Add();
  }
  const auto moved = submissions_.Advance(std::span(&record, 1));
  if (!moved) return Unexpected(Fate{Retry{store::ToError(moved.error())}});
  return {};
}

/// After the record, which still looks at the report.
void ParseAndSubmit::HandOn(Work& work) {
  const bool wanted = recent_ != nullptr && !settings_.producer_queue.empty();
  if (!wanted || work.put != store::Moved::kMoved) return;
  recent_->Put({work.stored.id, work.stored.run},
               std::make_shared<const model::Report>(std::move(work.read.report)), work.stored.document.size());
}

Done ParseAndSubmit::Next(const Work& work) const {
  Done done;
  model::StoredMessage stored;
  stored.submission = work.task.submission;
  stored.report_id = work.stored.id.empty() ? DocumentId(work.task, {}) : work.stored.id;
  stored.run = model::ToText(model::Run{work.task.fed_at, RunId(work.task)});
  if (!settings_.producer_queue.empty()) {
    done.publish.push_back({settings_.producer_queue, model::ToJson(stored), {}});
  }
  AddCleanup(work, done);
  return done;
}

void ParseAndSubmit::AddCleanup(const Work& work, Done& done) const {
  if (!settings_.cuckoo_cleanup) return;
  model::CleanupMessage cleanup{work.task.task, work.task.node, "", {}};
  if (!work.task.submission.Get().empty()) {
    cleanup.marker = model::ToText(model::Marker{work.task.submission, work.task.attempt});
  }
  done.publish.push_back({settings_.cleanup_queue, model::ToJson(cleanup), {}});
}

}  // namespace brood::stages::parse_and_submit
