#include "stages/parse_and_submit/parse_and_submit.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "model/kin.hpp"
#include "model/messages_json.hpp"
#include "model/report_json.hpp"
#include "report/reader.hpp"
#include "sandbox/node_directory.hpp"
#include "stages/parse_and_submit/report_check.hpp"

namespace brood::stages::parse_and_submit {

using model::State;
using stage::Done;
using stage::Fail;
using stage::Fate;
using stage::Retry;

namespace {

// What is read goes to the store when it is so much: a batch of large reports must not pile up in memory.
constexpr std::size_t kBytesTogether = std::size_t{4} << 20;
// A document from this size on is written as it goes to the store, and by itself.
constexpr std::size_t kInPieces = std::size_t{1} << 20;
// How often, in bytes of a raw report, it is looked how much it takes.
constexpr std::size_t kLookEvery = std::size_t{1} << 20;

/// Says along a chain that an instance of it wants the task deleted at the end, whoever ends it.
constexpr const char* kCleanupWish = "Cleanup";

std::string NameOf(const model::TaskMessage& task) {
  return fmt::format("task {} of {}", task.task.Get(), task.node.Get());
}

/// When the submission came to us, as the runner says it.
Time FirstSeen(const broker::Message& message, Time now) {
  const auto header = message.headers.find("first-seen");
  const auto millis = header == message.headers.end() ? std::nullopt : ParseInt(header->second);
  return millis ? FromMillis(*millis) : now;
}

}  // namespace

/// One message of the batch: what was read, or the fate that ended it.
struct ParseAndSubmit::Work {
  model::TaskMessage task;
  std::optional<Fate> fate;
  std::shared_ptr<sandbox::Node> node;
  std::optional<model::Submission> record;
  report::ReadResult read;
  std::optional<ReportRoom::Share> share;
  std::optional<FreeAtOnce> free_at_once;  ///< while a report of more than kLookEvery is in hand
  store::StoredReport stored;
  bool in_pieces = false;
  Time checked{};  ///< when the sandbox's own report carried our marker
  std::size_t document_bytes = 0;
  std::optional<Fate> crits_fate;           ///< why CRITs has not got all of it
  std::optional<broker::Outgoing> relayed;  ///< for the instance that continues in CRITs

  [[nodiscard]] bool Open() const { return !fate; }
  /// Frees what takes memory, at the end.
  void LetGo() {
    read = {};
    std::string().swap(stored.document);
    free_at_once.reset();
    share.reset();
  }
};

ParseAndSubmit::ParseAndSubmit(Settings settings, FindNode find_node, store::Submissions& submissions,
                               store::Reports& reports, store::RecentReports* recent,
                               metrics::Registry& metrics, std::unique_ptr<CritsSink> crits)
    : settings_(std::move(settings)),
      find_node_(std::move(find_node)),
      submissions_(submissions),
      reports_(reports),
      recent_(recent),
      crits_(std::move(crits)),
      metrics_(metrics),
      room_(settings_.memory, metrics),
      bytes_(metrics.GetCounter("brood_parse_and_submit_report_bytes_total", "Bytes of raw reports read.")),
      seconds_(
          metrics.GetHistogram("brood_parse_and_submit_fetch_seconds", "Time to fetch and read one report.")),
      twins_(metrics.GetCounter("brood_parse_and_submit_late_reports_total",
                                "Reports of a submission that had one already; the first one wins.")) {}

std::vector<Fate> ParseAndSubmit::Handle(std::span<const broker::Message> batch, const stage::Turn& turn) {
  std::vector<Work> works(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) Begin(works[i], batch[i], turn);
  FindRecords(works, turn.now);
  KeepAll(works, turn);
  std::vector<Fate> fates;
  for (Work& work : works) fates.push_back(std::move(work.crits_fate ? *work.crits_fate : *work.fate));
  return fates;
}

/// Small documents together, a large one by itself, so that of large reports one is in hand.
void ParseAndSubmit::KeepAll(std::span<Work> works, const stage::Turn& turn) {
  std::vector<Work*> read;
  std::size_t bytes = 0;
  const auto keep = [&] {
    Keep(read, turn.now);
    read.clear();
    bytes = 0;
  };
  for (Work& work : works) {
    if (work.Open()) Fetch(work, turn);
    if (!work.Open()) continue;
    CrashPoint("parse_and_submit.fetched");
    if (GoesToCrits(work)) PushToCrits(work, turn);
    Compose(work, turn.now);  // only now, so that results and document are not in memory together
    if (work.in_pieces) keep();
    read.push_back(&work);
    bytes += work.document_bytes;
    if (work.in_pieces || bytes >= kBytesTogether) keep();
  }
  keep();
}

void ParseAndSubmit::Begin(Work& work, const broker::Message& message, const stage::Turn& turn) const {
  auto task = model::TaskMessageFromJson(message.body);
  if (!task) {
    work.fate = Fail{task.error()};
    return;
  }
  work.task = std::move(*task);
  work.node = find_node_(work.task.node);
  if (!work.node)
    work.fate = Fail{sandbox::UnknownNode(work.task.node)};
  else if (model::LacksOurKeys(work.task))
    Complete(work, message, turn);
}

/// From a Go service the message comes without our own keys. With them it is as any other, and whatever becomes
/// of it names the submission. Of a task that is not there the report, or its absence, decides.
void ParseAndSubmit::Complete(Work& work, const broker::Message& message, const stage::Turn& turn) const {
  const auto row = work.node->View(work.task.task, turn.stop);
  if (!row && row.error().code == sandbox::Errc::kNotFound) return;
  if (!row) {
    work.fate = Retry{sandbox::ToError(row.error())};
    return;
  }
  const Time seen = FirstSeen(message, turn.now);
  if (model::Complete(work.task, {row->custom, row->sha256, row->timeout_s}, seen) == model::Kin::kAnother) {
    work.fate = Fail{TaskLost("the task's number now belongs to another submission", NameOf(work.task))};
    return;
  }
  log::Debug("a message of a Go service is completed", {{"submission", work.task.submission.Get()},
                                                        {"node", work.task.node.Get()},
                                                        {"task", work.task.task.Get()}});
  const std::string& queue = message.queue.empty() ? settings_.consumer_queue : message.queue;
  work.fate = Done{{{queue, model::ToJson(work.task), {}}}};
}

void ParseAndSubmit::FindRecords(std::span<Work> works, Time now) {
  std::vector<Work*> asked;
  std::vector<model::SubmissionId> ids;
  for (Work& work : works) {
    if (!work.Open() || work.task.submission.Get().empty()) continue;
    asked.push_back(&work);
    ids.push_back(work.task.submission);
  }
  auto records = submissions_.GetAll(ids);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (!records) {
      asked[i]->fate = Retry{store::ToError(records.error())};
    } else if ((*records)[i]) {
      asked[i]->record = std::move((*records)[i]);
      Compare(*asked[i], now);
    }
  }
}

/// Ends early where a report is stored already. Of this run: what follows is published again. Of another: this
/// one is a twin's, the first report wins. Nothing is fetched, unless CRITs still waits for it.
void ParseAndSubmit::Compare(Work& work, Time now) {
  const model::Submission& record = *work.record;
  if (work.task.sha256.Get().empty()) work.task.sha256 = record.sha256;
  const bool has_report = record.state == State::kStored || record.state == State::kScored;
  if (!has_report || record.attempt < work.task.attempt) return;
  if (record.run.id == RunId(work.task)) {
    const auto done = GoesToCrits(work) ? crits_->IsDone(work.task, now) : true;
    if (!done) work.fate = Retry{done.error()};
    if (done && *done) work.fate = Next(work);
    return;
  }
  twins_.Add();
  Done twin;
  AddCleanup(work, twin);
  work.fate = std::move(twin);
}

void ParseAndSubmit::Fetch(Work& work, const stage::Turn& turn) {
  const auto started = std::chrono::steady_clock::now();
  work.share.emplace(room_);
  for (bool whole = false; work.Open() && !whole;) {
    report::Reader reader(GoesToCrits(work) ? crits_->Wanting(settings_.limits) : settings_.limits);
    const auto got = Receive(work, reader, turn.stop);
    whole = got && *got;
    if (!got) work.fate = WithoutReport(work, got.error(), turn.now);
    if (whole) work.fate = Read(work, reader);
    if (!work.Open() || whole) continue;
    reader = report::Reader();
    if (!work.share->WaitForTurn(turn.stop)) work.fate = Retry{Transient("stopped", NameOf(work.task))};
  }
  if (!work.Open()) return work.LetGo();
  if (model::MarkerFrom(work.read.facts.custom)) work.checked = turn.now;  // then it is ours, see WhyForeign
  bytes_.Add(static_cast<double>(work.read.facts.bytes));
  seconds_.Observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
}

/// A task that is not there was deleted after all was done, where CRITs has everything of this message already:
/// nothing but its acknowledgement was lost. (With a record, Compare has found that out.)
Fate ParseAndSubmit::WithoutReport(const Work& work, const sandbox::SandboxError& error, Time now) const {
  if (error.code != sandbox::Errc::kNotFound) return Retry{sandbox::ToError(error)};
  if (GoesToCrits(work) && !work.record) {
    const auto done = crits_->WasPushed(work.task, now);
    if (!done) return Retry{done.error()};
    if (*done) return Done{};
  }
  return Fail{TaskLost("the sandbox says reported but has no report", NameOf(work.task))};
}

/// The whole report; or false, where there is no room for it now. The node is free again then.
sandbox::Result<bool> ParseAndSubmit::Receive(Work& work, report::Reader& reader,
                                              const std::stop_token& stop) const {
  std::stop_source put_down;
  const std::stop_callback forward(stop, [&] { put_down.request_stop(); });
  bool fits = true;
  std::size_t unseen = 0;
  const auto got = work.node->Report(
      work.task.task,
      [&](std::string_view chunk) {
        if (!fits) return;
        reader.Feed(chunk);
        unseen += chunk.size();
        if (unseen < kLookEvery) return;
        unseen = 0;
        if (!work.free_at_once) work.free_at_once.emplace();
        fits = work.share->Grow(reader.HeldBytes());
        if (!fits) put_down.request_stop();
      },
      put_down.get_token());
  if (!fits) return false;
  return got.map([] { return true; });
}

bool ParseAndSubmit::GoesToCrits(const Work& work) const {
  return crits_ != nullptr && ConcernsCrits(work.task.crits);
}

/// Before the report is stored, because that takes it apart.
void ParseAndSubmit::PushToCrits(Work& work, const stage::Turn& turn) const {
  if (settings_.cuckoo_cleanup) work.task.extras[kCleanupWish] = "true";
  auto pushed = crits_->Push(work.task, *work.node, work.read, turn);
  if (pushed) {
    work.relayed = std::move(*pushed);
  } else if (pushed.error().kind == ErrorKind::kPermanent) {
    work.crits_fate = Fail{std::move(pushed.error())};
  } else {
    work.crits_fate = Retry{std::move(pushed.error())};
  }
  work.read.calls.clear();
}

/// The fate that what was fetched leads to by itself, if any.
std::optional<Fate> ParseAndSubmit::Read(Work& work, report::Reader& reader) {
  const std::string which = NameOf(work.task);
  auto read = reader.Finish();
  if (!read) return Retry{Transient(brood::Describe(read.error()), which)};
  if (!read->facts.has_sections) return Retry{Transient("the sandbox sent JSON that is no report", which)};
  if (const std::string foreign = WhyForeign(work.task, read->facts, read->report); !foreign.empty()) {
    return Fail{TaskLost("the report is not this task's: " + foreign, which)};
  }
  work.read = std::move(*read);
  return std::nullopt;
}

void ParseAndSubmit::Compose(Work& work, Time now) {
  model::Report& report = work.read.report;
  if (report.sha256.empty()) report.sha256 = work.task.sha256.Get();
  work.stored.id = DocumentId(work.task, report);
  work.stored.run = {work.task.fed_at, RunId(work.task)};
  work.stored.submission = work.task.submission;
  work.stored.stored = now;
  work.document_bytes = model::ExpectedSize(report);
  work.in_pieces = work.document_bytes >= kInPieces;
  if (work.in_pieces) return;
  work.stored.document = model::ToJson(report);
  work.document_bytes = work.stored.document.size();
}

/// Reports first, then records, then what follows. Where the store refuses, each is tried by itself, so that
/// one that cannot be kept holds up no other.
void ParseAndSubmit::Keep(std::span<Work* const> works, Time now) {
  if (works.empty()) return;
  const auto put = Put(works);
  if (!put && works.size() > 1) {
    for (Work* const& work : works) Keep(std::span(&work, 1), now);
    return;
  }
  CrashPoint("parse_and_submit.stored");
  const auto moved = put ? MoveRecords(works, now) : Unexpected(put.error());
  CrashPoint("parse_and_submit.record_written");
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (moved && (*put)[i] == store::Moved::kMoved) HandOn(*works[i]);
    works[i]->fate = moved ? Fate(Next(*works[i])) : Retry{store::ToError(moved.error())};
    works[i]->LetGo();
  }
}

store::Result<std::vector<store::Moved>> ParseAndSubmit::Put(std::span<Work* const> works) {
  if (works.size() == 1 && works[0]->in_pieces)
    return PutInPieces(*works[0]).map([](store::Moved moved) { return std::vector{moved}; });
  std::vector<store::StoredReport> reports;
  for (Work* work : works) reports.push_back(std::move(work->stored));
  auto put = reports_.Put(reports);
  for (std::size_t i = 0; i < works.size(); ++i) works[i]->stored = std::move(reports[i]);
  return put;
}

store::Result<store::Moved> ParseAndSubmit::PutInPieces(Work& work) {
  work.document_bytes = 0;
  return reports_.PutInPieces(work.stored, [&](const model::JsonWriter::Sink& sink) {
    model::WriteJson(work.read.report, [&](std::string_view piece) {
      work.document_bytes += piece.size();
      sink(piece);
    });
  });
}

store::Result<void> ParseAndSubmit::MoveRecords(std::span<Work* const> works, Time now) {
  std::vector<model::Submission> records;
  for (Work* work : works) {
    if (!work->record) continue;
    model::Submission& record = records.emplace_back(*work->record);
    record.state = State::kStored;
    record.attempt = work->task.attempt;
    record.run = work->stored.run;
    record.report_note = NoteOn(work->read.facts, work->read.report);
    record.changed = now;
    if (record.report_note.empty()) continue;
    metrics_
        .GetCounter("brood_parse_and_submit_empty_reports_total", "Reports without behaviour or with errors.",
                    {{"machine", work->read.report.machine_info.name}})
        .Add();
  }
  return submissions_.Advance(records).map([](const auto&) {});
}

/// After the record, which still looks at the report.
void ParseAndSubmit::HandOn(Work& work) {
  if (recent_ == nullptr || settings_.producer_queue.empty()) return;
  recent_->Put({work.stored.id, work.stored.run},
               std::make_shared<const model::Report>(std::move(work.read.report)), work.document_bytes);
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
  if (work.relayed)
    done.publish.push_back(*work.relayed);  // who ends the chain has the task deleted
  else
    AddCleanup(work, done);
  return done;
}

void ParseAndSubmit::AddCleanup(const Work& work, Done& done) const {
  if (!settings_.cuckoo_cleanup && !work.task.extras.contains(kCleanupWish)) return;
  model::CleanupMessage cleanup{work.task.task, work.task.node, "", {}, {}};
  if (!work.task.submission.Get().empty()) {
    cleanup.marker = model::ToText(model::Marker{work.task.submission, work.task.attempt});
    cleanup.checked = work.checked;
  } else {
    cleanup.sha256 = work.task.sha256;
  }
  done.publish.push_back({settings_.cleanup_queue, model::ToJson(cleanup), {}});
}

}  // namespace brood::stages::parse_and_submit
