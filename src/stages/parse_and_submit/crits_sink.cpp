#include "stages/parse_and_submit/crits_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "crits/batches.hpp"
#include "crits/form.hpp"
#include "model/messages_json.hpp"

namespace brood::stages::parse_and_submit {
namespace {

using namespace std::chrono_literals;

constexpr Millis kRemembered = 24h * 60, kTidyEvery = 1h;
constexpr std::size_t kAroundASample = 4'096;  // of a form: its other parts and what stands between

DroppedSettings SettingsOf(const crits::Settings& settings, const std::filesystem::path& scratch) {
  DroppedSettings dropped;
  dropped.scratch = scratch;
  dropped.max_archive = settings.max_archive;
  if (settings.max_body != 0)
    dropped.max_sample = settings.max_body - std::min(settings.max_body - 1, kAroundASample);
  if (settings.max_body == 0) dropped.max_sample = std::size_t{64} << 20U;  // it is held in memory
  return dropped;
}

void AddSentence(std::string& log, std::string_view sentence) {
  if (!log.empty()) log += "; ";
  log += sentence;
}

std::string LogOf(const crits::Batches& batches, const std::vector<std::string>& sentences) {
  std::string log;
  for (const auto& [subtype, count] : batches.LeftOut()) {
    AddSentence(log, fmt::format("{} {} left out: no room for them in CRITs", count, subtype));
  }
  for (const std::string& sentence : sentences) AddSentence(log, sentence);
  return log;
}

bool DidNotHappen(crits::Errc code) {
  return code != crits::Errc::kAnswerLost && code != crits::Errc::kStopped && code != crits::Errc::kBadAnswer;
}

}  // namespace

CritsSink::CritsSink(crits::Settings settings, std::string relay_queue, std::filesystem::path scratch,
                     crits::Crits& crits, store::Effects& effects, metrics::Registry& metrics)
    : settings_(std::move(settings)),
      enabled_(crits::EnabledParsers(settings_)),
      relay_queue_(std::move(relay_queue)),
      scratch_(std::move(scratch)),
      crits_(crits),
      effects_(effects),
      results_(metrics.GetCounter("brood_crits_results_total", "Results sent to CRITs.")),
      left_out_(metrics.GetCounter("brood_crits_results_left_out_total", "Results that had no room in CRITs.")),
      repeated_(metrics.GetCounter("brood_crits_repeated_requests_total",
                                   "Requests sent again although they may have arrived.")),
      ended_(metrics.GetCounter("brood_crits_analyses_ended_total", "Analyses finished in CRITs.")) {}

report::Limits CritsSink::Wanting(report::Limits limits) const {
  limits.max_calls = std::max<std::size_t>(settings_.push_api_calls_max, 1);  // with none, no details at all
  return limits;
}

Expected<bool, Error> CritsSink::IsDone(const model::TaskMessage& task, Time now) {
  if (PlanFor(enabled_, task, !relay_queue_.empty()).relay)
    return false;  // the next message is made of the report
  return WasPushed(task, now);
}

Expected<bool, Error> CritsSink::WasPushed(const model::TaskMessage& task, Time now) {
  const auto begun = effects_.Begin(KeyOfAll(task), now);
  if (!begun) return Unexpected(store::ToError(begun.error()));
  return *begun == store::Begun::kDone;
}

Expected<std::optional<broker::Outgoing>, Error> CritsSink::Push(const model::TaskMessage& task,
                                                                 sandbox::Node& node,
                                                                 const report::ReadResult& read,
                                                                 const stage::Turn& turn) {
  Tidy(turn.now);
  const CritsPlan plan = PlanFor(enabled_, task, !relay_queue_.empty());
  crits::Batches batches({crits::RoomForResults(task.crits, settings_.max_body), settings_.max_document},
                         plan.used, plan.first_batch);
  Expected<void, Error> sent;
  // A batch goes out as soon as it is full: all of them, encoded, would be the most that a large report takes.
  const auto add = [&](const crits::Item& item) {
    if (!sent) return;
    batches.Add(item);
    if (auto full = batches.TakeFull()) sent = SendOnce(task.crits, {std::move(*full), "", {}, {}}, turn);
  };
  std::vector<std::string> sentences;
  for (const crits::Parser parser : plan.run) {
    crits::Parse(parser, read, settings_.push_api_calls_max, add);
    if (!sent) return Unexpected(sent.error());
    if (parser != crits::Parser::kDropped) continue;
    const DroppedSettings settings = SettingsOf(settings_, scratch_);
    auto dropped = DroppedUpload(settings, crits_, effects_).Run(task.crits, task.task, node, turn);
    if (!dropped) return Unexpected(dropped.error());
    for (const crits::Item& item : dropped->items) add(item);
    if (!sent) return Unexpected(sent.error());
    sentences = std::move(dropped->log);
  }
  const std::string log = LogOf(batches, sentences);
  const std::size_t used = batches.Used();
  const std::int64_t next = batches.NextNumber();
  for (const auto& [subtype, count] : batches.LeftOut()) left_out_.Add(static_cast<double>(count));
  crits::Update last;
  for (crits::Batch& batch : batches.Take()) last.results = std::move(batch);
  last.log = log;
  last.level = crits::Level::kWarning;
  if (!plan.relay) last.end = crits::End::kCompleted;
  const bool says_something = !last.results.Empty() || !log.empty() || last.end;
  if (says_something) sent = SendOnce(task.crits, last, turn);
  if (!sent) return Unexpected(sent.error());
  if (auto all = effects_.Finish(KeyOfAll(task), turn.now); !all)
    return Unexpected(store::ToError(all.error()));
  if (plan.relay) {
    return std::optional(broker::Outgoing{relay_queue_, model::ToJson(Relayed(task, plan, used, next)), {}});
  }
  ended_.Add();
  return std::optional<broker::Outgoing>();
}

Expected<void, Error> CritsSink::SendOnce(const crits::Analysis& analysis, const crits::Update& update,
                                          const stage::Turn& turn) {
  std::unique_lock alone(adding_results_, std::defer_lock);
  if (!update.results.Empty()) alone.lock();
  const std::string key = KeyOf(analysis, update);
  const auto begun = effects_.Begin(key, turn.now);
  if (!begun) return Unexpected(store::ToError(begun.error()));
  if (*begun == store::Begun::kDone) return {};
  if (*begun == store::Begun::kUnsure) repeated_.Add();
  CrashPoint("parse_and_submit.crits_begun");
  const auto sent = crits_.Send(analysis, update, turn.stop);
  CrashPoint("parse_and_submit.crits_sent");
  if (!sent) {
    if (*begun == store::Begun::kFirst && DidNotHappen(sent.error().code)) (void)effects_.Withdraw(key);
    return Unexpected(crits::ToError(sent.error()));
  }
  results_.Add(static_cast<double>(update.results.items));
  return effects_.Finish(key, turn.now).map_error(store::ToError);
}

/// What was done two months ago comes no more.
void CritsSink::Tidy(Time now) {
  std::int64_t last = tidied_;
  if (ToMillis(now) - last < kTidyEvery.count() || !tidied_.compare_exchange_strong(last, ToMillis(now)))
    return;
  if (const auto forgotten = effects_.Forget(now - kRemembered); !forgotten) {
    log::Warning("old effects cannot be forgotten", {{"why", forgotten.error().what}});
  }
}

}  // namespace brood::stages::parse_and_submit
