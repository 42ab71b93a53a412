#pragma once

#include <thread>
#include <vector>

#include "broker/sqlite/hub.hpp"
#include "sqlite/lock_file.hpp"

namespace brood::broker::sqlite {

/// Looks after what other processes do: rings when one of them has written, returns the messages of holders
/// that died. Looks every 10 ms while something happens, every 50 ms otherwise; a look costs some microseconds.
/// Owns its thread.
class Watch {
 public:
  explicit Watch(Hub& hub);

 private:
  void Run(const std::stop_token& stop);
  /// Whether something had happened.
  bool Look();
  bool SomebodyWrote();
  void ListHolders();
  bool IsDead(HolderId holder);
  bool ReturnWhatTheDeadHeld();

  Hub& hub_;
  Connection connection_;
  brood::sqlite::LockFile locks_;
  std::int64_t data_version_ = 0;
  std::vector<HolderId> holders_;
  std::jthread thread_;
};

}  // namespace brood::broker::sqlite
