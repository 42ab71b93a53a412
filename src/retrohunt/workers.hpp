#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace brood::retrohunt {

/// A few threads that do what they are handed, in its order. At the end what has not begun is let go.
class Workers {
 public:
  explicit Workers(std::size_t threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// The future is broken where the work was let go.
  template <class T>
  [[nodiscard]] std::future<T> Do(std::function<T()> work) {
    auto task = std::make_shared<std::packaged_task<T()>>(std::move(work));
    auto answer = task->get_future();
    Add([task] { (*task)(); });
    return answer;
  }

 private:
  void Add(std::function<void()> work);
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool over_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace brood::retrohunt
