#pragma once

#include <cstddef>

namespace brood::sandbox {

/// Whether a node's lists can be believed. Some 1.2 installations always answer empty, and one damaged task
/// makes a whole list fail. Lists are given up after three polls in a row in which a list failed, or in which
/// all were empty although a view showed a task that belongs there; one poll whose lists show rows and do not
/// fail brings the trust back. Polls without evidence change nothing.
class ListTrust {
 public:
  static constexpr int kBadPolls = 3;

  void BeginPoll() { rows_ = failures_ = contradictions_ = 0; }
  void Answered(std::size_t rows) { rows_ += rows; }
  void Failed() { ++failures_; }
  /// A view showed a task as running or reported, and this poll asked for lists.
  void ViewSaw() { ++contradictions_; }
  void EndPoll() {
    if (failures_ > 0 || (rows_ == 0 && contradictions_ > 0)) {
      ++bad_polls_;
    } else if (rows_ > 0) {
      bad_polls_ = 0;
    }
  }
  [[nodiscard]] bool Usable() const { return bad_polls_ < kBadPolls; }

 private:
  std::size_t rows_ = 0, failures_ = 0, contradictions_ = 0;
  int bad_polls_ = 0;
};

}  // namespace brood::sandbox
