#include "stage/loop.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

#include "base/log.hpp"

namespace brood::stage {
namespace {

constexpr Millis kTakeWait{500};
// A source that comes back empty-handed at once, because its backend is away, must not make us spin.
constexpr Millis kPauseAfterNothing{50};
constexpr std::size_t kMostAtOnce = 64;

}  // namespace

Runner::Loop::Loop(Stage& stage, broker::Source& source, broker::Broker& broker, RunnerSettings settings,
                   metrics::Registry& metrics, Clock& clock)
    : stage_(stage),
      source_(source),
      settings_(std::move(settings)),
      clock_(clock),
      name_(stage.Name()),
      policy_{settings_.retry, NothingTakesFailures(settings_) ? 0 : settings_.max_tries},
      metrics_(metrics, name_),
      settler_(name_, source, broker.MaxMessage(),
               FailureRecorder(name_, settings_.queue, settings_.failed_queue, settings_.keep_body)),
      alarm_(clock) {}

void Runner::Loop::Run(const std::stop_token& stop) {
  const std::stop_callback on_stop(stop, [this] {
    source_.Stop();
    alarm_.Ring();
  });
  std::vector<std::jthread> keepers;
  for (std::size_t i = 0; i < SettlersToStart(); ++i) keepers.emplace_back([this] { SettleAll(); });
  keepers.emplace_back([this, stop] { KeepAll(stop); });
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < std::max<std::size_t>(settings_.workers, 1); ++i) {
      workers.emplace_back([this, stop] { WorkAll(stop); });
    }
    TakeAll(stop);
  }
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  alarm_.Ring();
}

bool Runner::Loop::Idle() const {
  const std::lock_guard lock(mutex_);
  return last_take_empty_ && hand_.Size() == 0;
}

void Runner::Loop::TakeAll(const std::stop_token& stop) {
  while (const std::size_t max = WaitForRoom(stop)) {
    const auto begun = std::chrono::steady_clock::now();
    auto deliveries = Take(max);
    const bool pause = deliveries.empty() && std::chrono::steady_clock::now() - begun < kTakeWait / 2;
    PutInHand(std::move(deliveries));
    if (!pause) continue;
    std::unique_lock lock(mutex_);
    room_.wait_for(lock, stop, kPauseAfterNothing, [] { return false; });
  }
}

std::size_t Runner::Loop::WaitForRoom(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] {
    return hand_.Size() == 0 ||
           (hand_.Size() < settings_.max_in_hand && hand_.Bytes() < settings_.max_bytes_in_hand);
  };
  room_.wait(lock, stop, has_room);
  if (stop.stop_requested()) return 0;
  const std::size_t messages = std::clamp<std::size_t>(settings_.max_in_hand - hand_.Size(), 1, kMostAtOnce);
  const std::size_t bytes = settings_.max_bytes_in_hand - std::min(settings_.max_bytes_in_hand, hand_.Bytes());
  return largest_ == 0 ? 1 : std::clamp<std::size_t>(bytes / largest_, 1, messages);
}

std::vector<broker::Delivery> Runner::Loop::Take(std::size_t max) {
  try {
    return source_.Take(max, kTakeWait);
  } catch (const std::exception& thrown) {
    log::Error("taking messages failed, tried again", {{"stage", name_}, {"error", thrown.what()}});
    return {};
  }
}

void Runner::Loop::PutInHand(std::vector<broker::Delivery> deliveries) {
  const std::lock_guard lock(mutex_);
  last_take_empty_ = deliveries.empty();
  if (deliveries.empty()) return;
  largest_ -= largest_ / 4;
  for (const auto& delivery : deliveries) {
    largest_ = std::max({largest_, broker::WeightOf(delivery.message), std::size_t{1}});
  }
  hand_.Add(std::move(deliveries), clock_.Now());
  MeasureHand();
  work_.notify_all();
  alarm_.Ring();
}

void Runner::Loop::GiveBack(const std::vector<broker::DeliveryId>& deliveries) {
  if (deliveries.empty()) return;
  try {
    source_.GiveBack(deliveries);
  } catch (const std::exception& thrown) {
    log::Warning("messages go back when the connection ends", {{"stage", name_}, {"error", thrown.what()}});
  }
}

void Runner::Loop::MeasureHand() {
  const auto messages = static_cast<double>(hand_.Size());
  const auto bytes = static_cast<double>(hand_.Bytes());
  metrics_.in_hand.Add(messages - std::exchange(shown_messages_, messages));
  metrics_.in_hand_bytes.Add(bytes - std::exchange(shown_bytes_, bytes));
}

}  // namespace brood::stage
