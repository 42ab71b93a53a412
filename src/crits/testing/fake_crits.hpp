#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "crits/crits.hpp"

namespace brood::crits::testing {

/// A CRITs in memory that takes everything, and fails as told. Thread-safe.
class FakeCrits final : public Crits {
 public:
  struct Sent {
    Analysis analysis;
    Update update;
  };

  Result<void> Send(const Analysis& analysis, const Update& update, std::stop_token stop) override {
    (void)stop;
    const std::lock_guard lock(mutex_);
    const auto error = Next("send");
    if (error && error->code != Errc::kAnswerLost) return Unexpected(*error);
    sent.push_back({analysis, update});
    if (error) return Unexpected(*error);
    return {};
  }
  Result<std::string> AddSample(const Analysis& analysis, const NewSample& sample,
                                std::stop_token stop) override {
    (void)analysis, (void)stop;
    const std::lock_guard lock(mutex_);
    ++uploads;
    if (auto error = Next("add")) return Unexpected(*error);
    const std::string id = Sha256Hex(sample.content).substr(0, 24);
    samples[id] = {sample.file_name, std::string(sample.content)};
    return id;
  }
  Result<void> Relate(const Analysis& analysis, const std::string& sample_id, std::stop_token stop) override {
    (void)stop;
    const std::lock_guard lock(mutex_);
    if (auto error = Next("relate")) return Unexpected(*error);
    relations.emplace_back(analysis.object_id, sample_id);
    return {};
  }

  /// The next calls of this kind ("send", "add", "relate") fail so. A lost answer of "send" is done all the
  /// same.
  void FailNext(const std::string& call, Errc code, int times = 1) {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < times; ++i) failures_[call].push_back(code);
  }

  std::vector<Sent> sent;
  int uploads = 0;
  std::map<std::string, std::pair<std::string, std::string>> samples;  ///< id → name, content
  std::vector<std::pair<std::string, std::string>> relations;

 private:
  std::optional<CritsError> Next(const std::string& call) {
    auto& waiting = failures_[call];
    if (waiting.empty()) return std::nullopt;
    const Errc code = waiting.front();
    waiting.pop_front();
    return CritsError{code, "CRITs: " + call + ": " + std::string(Name(code))};
  }

  std::mutex mutex_;
  std::map<std::string, std::deque<Errc>> failures_;
};

}  // namespace brood::crits::testing
