#include "sandbox/node_watch.hpp"

#include <algorithm>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/backoff.hpp"
#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "sandbox/list_trust.hpp"
#include "sandbox/node_health.hpp"
#include "sandbox/poll_plan.hpp"
#include "sandbox/sightings.hpp"

namespace brood::sandbox {
namespace {

constexpr std::size_t kSearchesPerPoll = 5;
constexpr std::size_t kMostRows = 20'000;  // of one answer: about 20 MB

struct WatchMetrics {
  WatchMetrics(metrics::Registry& registry, const model::NodeUrl& url)
      : labels{{"node", url.Get()}},
        polls(registry.GetCounter("brood_sandbox_polls_total", "Polls of a node", labels)),
        failures(
            registry.GetCounter("brood_sandbox_poll_failures_total", "Requests of polls that failed", labels)),
        lists(registry.GetCounter("brood_sandbox_lists_total", "List requests of polls", labels)),
        rows(registry.GetCounter("brood_sandbox_list_rows_total", "Rows that lists brought", labels)),
        views(registry.GetCounter("brood_sandbox_views_total", "Tasks asked for by themselves", labels)),
        waiting(registry.GetGauge("brood_sandbox_watched_tasks", "Tasks that somebody waits for", labels)) {}

  metrics::Labels labels;
  metrics::Counter &polls, &failures, &lists, &rows, &views;
  metrics::Gauge& waiting;
};

}  // namespace

/// `mutex_` guards what callers read; what only polls touch is guarded by `poll_mutex_`. No call to the node is
/// made under `mutex_`.
class NodeWatch::Impl {
 public:
  Impl(std::shared_ptr<Node> node, WatchSettings settings, metrics::Registry& registry, Clock& clock)
      : node_(std::move(node)),
        settings_(settings),
        clock_(clock),
        metrics_(registry, node_->Url()),
        health_(node_->Url(), settings_.stalled_after, clock_.Now()),
        sightings_(settings_) {}

  Sighting Look(model::TaskId task, const std::string& marker) {
    const std::lock_guard lock(mutex_);
    return sightings_.Look(task, marker, clock_.Now());
  }

  void Forget(model::TaskId task) {
    const std::lock_guard lock(mutex_);
    sightings_.Forget(task);
  }

  Health GetHealth() const { return health_.Get(); }

  void Poll(const std::stop_token& stop);
  void Run(const std::stop_token& stop);
  void Start() {
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  void Stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  PollSituation Situation();
  bool RefreshStatus(Millis at_most, const std::stop_token& stop);
  void ReadLists(const std::vector<ListQuery>& lists, const std::stop_token& stop);
  std::size_t PageRows();
  void ReadList(ListQuery query, const std::stop_token& stop);
  void ViewSome(const std::vector<ListQuery>& lists, const std::stop_token& stop);
  std::vector<model::TaskId> OutOfSight();
  void FindSuccessors(const std::stop_token& stop);
  void EndPoll();
  void NoteFailure(const SandboxError& error);
  /// Nothing more is asked in a poll once the node does not answer.
  bool MustEnd(const std::stop_token& stop) const {
    return stop.stop_requested() || health_.FailuresInARow() > 0;
  }

  const std::shared_ptr<Node> node_;
  const WatchSettings settings_;
  Clock& clock_;
  WatchMetrics metrics_;

  sandbox::NodeHealth health_;

  std::mutex mutex_;
  Sightings sightings_;

  std::mutex poll_mutex_;
  std::uint64_t polls_ = 0;
  ListTrust trust_;
  bool was_away_ = false;  ///< in the poll before
  std::optional<NodeStatus> status_;
  Time status_at_{};
  std::optional<Millis> clock_ahead_;
  enum class Told { kUsable, kUnusable } told_ = Told::kUsable;

  std::jthread thread_;
};

void NodeWatch::Impl::NoteFailure(const SandboxError& error) {
  if (error.code != Errc::kStopped) metrics_.failures.Add();
  was_away_ = was_away_ || error.code == Errc::kUnreachable || error.code == Errc::kAnswerLost;
  health_.Failed(error, clock_.Now());
}

/// True if what is known is at most so old, asking if it must be.
bool NodeWatch::Impl::RefreshStatus(Millis at_most, const std::stop_token& stop) {
  const Time now = clock_.Now();
  if (status_ && now - status_at_ < at_most) return true;
  const auto status = node_->Status(stop);
  if (!status) {
    NoteFailure(status.error());
    return false;
  }
  health_.Saw(*status, now);
  status_ = *status;
  status_at_ = now;
  if (status->clock) clock_ahead_ = *status->clock - now;
  return true;
}

PollSituation NodeWatch::Impl::Situation() {
  PollSituation situation;
  situation.number = ++polls_;
  situation.now = clock_.Now();
  situation.node_clock_ahead = clock_ahead_;
  using Lists = PollSituation::Lists;
  situation.lists = trust_.Usable() ? Lists::kUsable : Lists::kUnusable;
  const std::lock_guard lock(mutex_);
  sightings_.DropUnasked(situation.now);
  situation.open_at = sightings_.OpenAt();
  return situation;
}

/// As many as all who wait need, so that a list is one request: a page costs the node about as much as all.
std::size_t NodeWatch::Impl::PageRows() {
  const std::lock_guard lock(mutex_);
  return std::min(settings_.page_rows + sightings_.Size(), std::max(settings_.page_rows, kMostRows));
}

/// Pages of a 2.x list shift while tasks complete or are deleted. What is missed so stays open, and the next
/// poll's window has it again.
void NodeWatch::Impl::ReadList(ListQuery query, const std::stop_token& stop) {
  const bool paged = node_->SpokenDialect() == Dialect::kCuckoo2;
  if (paged) query.limit = PageRows();
  for (std::size_t page = 0; page < settings_.max_pages && !stop.stop_requested(); ++page) {
    const Time asked = clock_.Now();
    metrics_.lists.Add();
    const auto rows = node_->List(query, stop);
    if (!rows) {
      if (rows.error().code != Errc::kStopped) trust_.Failed();
      return NoteFailure(rows.error());
    }
    CrashPoint("node_watch.list_read");
    health_.Answered(clock_.Now());
    trust_.Answered(rows->size());
    metrics_.rows.Add(static_cast<double>(rows->size()));
    const std::lock_guard lock(mutex_);
    for (const TaskRow& row : *rows) sightings_.Saw(row, asked);
    if (!paged || rows->size() < query.limit) return;
    query.offset += rows->size();
  }
}

void NodeWatch::Impl::ReadLists(const std::vector<ListQuery>& lists, const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(was_away_, false)) sightings_.NodeWasAway();
    sightings_.BeginLists(clock_.Now());
  }
  for (const ListQuery& query : lists) {
    if (MustEnd(stop)) return;
    ReadList(query, stop);
  }
  const std::lock_guard lock(mutex_);
  sightings_.EndLists();
}

/// What a view says instead of a row counts only if the node's status is sane after it.
void NodeWatch::Impl::ViewSome(const std::vector<ListQuery>& lists, const std::stop_token& stop) {
  std::vector<std::pair<model::TaskId, SandboxError>> failed;
  for (const model::TaskId task : OutOfSight()) {
    if (MustEnd(stop)) return;
    const Time asked = clock_.Now();
    metrics_.views.Add();
    const auto row = node_->View(task, stop);
    if (!row) {
      NoteFailure(row.error());
      failed.emplace_back(task, row.error());
      continue;
    }
    health_.Answered(clock_.Now());
    const bool listed_state = row->state == TaskState::kRunning || row->state == TaskState::kReported;
    if (listed_state && !lists.empty()) trust_.ViewSaw();
    const std::lock_guard lock(mutex_);
    sightings_.Saw(*row, asked);
  }
  if (failed.empty() || MustEnd(stop) || !RefreshStatus(Millis{0}, stop) || !IsSane(*status_)) return;
  const std::lock_guard lock(mutex_);
  for (const auto& [task, error] : failed) sightings_.ViewFailed(task, error);
}

std::vector<model::TaskId> NodeWatch::Impl::OutOfSight() {
  const std::lock_guard lock(mutex_);
  const int polls = trust_.Usable() ? settings_.views_after_polls : 1;
  return sightings_.OutOfSight(polls, settings_.views_per_poll);
}

void NodeWatch::Impl::FindSuccessors(const std::stop_token& stop) {
  std::vector<Sightings::Recovered> recovered;
  {
    const std::lock_guard lock(mutex_);
    recovered = sightings_.WithoutSuccessor(kSearchesPerPoll);
  }
  for (const auto& [task, marker, owner] : recovered) {
    if (MustEnd(stop)) return;
    auto rows = node_->FindByMarker(marker, owner, stop);
    if (!rows) {
      NoteFailure(rows.error());
      if (rows.error().code != Errc::kUnsearchable) continue;
      rows = std::vector<TaskRow>{};
    }
    if (rows->empty() && (!RefreshStatus(Millis{0}, stop) || !IsSane(*status_))) continue;
    const std::lock_guard lock(mutex_);
    sightings_.SearchBrought(task, *rows);
  }
}

void NodeWatch::Impl::EndPoll() {
  trust_.EndPoll();
  const Told tell = trust_.Usable() ? Told::kUsable : Told::kUnusable;
  if (std::exchange(told_, tell) != tell) {
    if (tell == Told::kUnusable) {
      log::Warning("the node's task lists are unusable: tasks are asked for one by one, which is slower",
                   {{"node", node_->Url().Get()}});
    } else {
      log::Info("the node's task lists are usable again", {{"node", node_->Url().Get()}});
    }
  }
  const std::lock_guard lock(mutex_);
  metrics_.waiting.Set(static_cast<double>(sightings_.Size()));
}

void NodeWatch::Impl::Poll(const std::stop_token& stop) {
  const std::lock_guard poll_lock(poll_mutex_);
  metrics_.polls.Add();
  const Millis old_enough = health_.FailuresInARow() > 0 ? Millis{0} : settings_.status_every;
  if (!RefreshStatus(old_enough, stop) && MustEnd(stop)) return;
  const std::vector<ListQuery> lists = PlanLists(Situation(), settings_);
  trust_.BeginPoll();
  ReadLists(lists, stop);
  ViewSome(lists, stop);
  FindSuccessors(stop);
  EndPoll();
}

void NodeWatch::Impl::Run(const std::stop_token& stop) {
  const Backoff slower{settings_.every, std::max(settings_.every, settings_.slowest), 2.0};
  while (!stop.stop_requested()) {
    Poll(stop);
    clock_.WaitFor(slower.After(std::max(1, health_.FailuresInARow())), stop);
  }
}

NodeWatch::NodeWatch(std::shared_ptr<Node> node, WatchSettings settings, metrics::Registry& metrics,
                     Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(node), settings, metrics, clock)) {}

NodeWatch::~NodeWatch() { Stop(); }

Sighting NodeWatch::Look(model::TaskId task, const std::string& marker) { return impl_->Look(task, marker); }
void NodeWatch::Forget(model::TaskId task) { impl_->Forget(task); }
NodeWatch::Health NodeWatch::NodeHealth() const { return impl_->GetHealth(); }
void NodeWatch::PollOnce() { impl_->Poll({}); }
void NodeWatch::Start() { impl_->Start(); }
void NodeWatch::Stop() { impl_->Stop(); }

}  // namespace brood::sandbox
