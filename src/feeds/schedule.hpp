#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "feeds/updater.hpp"

namespace brood::feeds {

/// Updates lists when their time has come, and when somebody asks, on a thread of its own. Thread-safe.
class Schedule {
 public:
  /// `updater` outlives it. Looks each `look_every` whose time has come.
  explicit Schedule(Updater& updater, Millis look_every = Millis{1'000});
  /// Ends a download in hand.
  ~Schedule();
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  void Start();
  /// From the next call on nothing is begun; what is in hand ends within a tenth of a second.
  void RequestStop();
  void Join();
  [[nodiscard]] bool Alive() const { return alive_; }

  [[nodiscard]] const std::vector<Source>& Sources() const { return updater_.Sources(); }

  /// These are updated as soon as those in hand are.
  void Ask(const std::vector<Source>& sources, Shrunken shrunken);

 private:
  struct Wish {
    Source source;
    Shrunken shrunken;
  };
  void Run(const std::stop_token& stop);
  std::vector<Wish> WaitForWishes(const std::stop_token& stop);

  Updater& updater_;
  const Millis look_every_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::vector<Wish> wishes_;
  std::atomic<bool> alive_{false};
  std::jthread thread_;
};

}  // namespace brood::feeds
