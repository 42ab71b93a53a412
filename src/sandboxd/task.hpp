#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandboxd {

using sandbox::TaskState;

/// One content that was uploaded, however often and under whatever names.
struct Sample {
  std::int64_t id = 0;
  Digests digests;
  std::uint32_t crc32 = 0;
  std::uint64_t size = 0;
  std::string type;  ///< as file(1) names it
};
using SamplePtr = std::shared_ptr<const Sample>;

/// What a client asked for, as it asked: odd values are kept and answered as they came.
struct TaskRequest {
  enum class Category { kFile, kUrl } category = Category::kFile;
  std::string target;  ///< the file's name without a path, or the URL
  std::string custom, owner, package, machine, platform;
  std::string options;            ///< "a=b,c=d"
  std::vector<std::string> tags;  ///< sorted
  std::string timeout, priority;  ///< numbers, usually; "" = 0 and 1
  bool memory = false, enforce_timeout = false;
  std::optional<Time> clock;      ///< the guest's clock; none: when the task was added
  std::int64_t successor_of = 0;  ///< the id of the recovered task that this one replaces
};
using RequestPtr = std::shared_ptr<const TaskRequest>;

/// A task at one moment. The table hands these out and never changes one.
struct Task {
  std::int64_t id = 0;
  TaskState state = TaskState::kPending;
  Time added{};
  std::optional<Time> started, completed;
  std::vector<std::string> errors;
  RequestPtr request;
  SamplePtr sample;  ///< none for a URL
};
using TaskPtr = std::shared_ptr<const Task>;

/// Uploads of one sample, counted by their custom text: for tests that ask whether anything was detonated
/// twice.
using UploadCounts = std::map<std::string, std::uint32_t>;

}  // namespace brood::sandboxd
