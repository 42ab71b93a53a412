#include "report/api_tally.hpp"

#include <cstring>
#include <limits>

namespace brood::report {
namespace {

/// What a name costs besides its bytes.
constexpr std::size_t kNameOverhead = 100;

std::int64_t AddClamped(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

}  // namespace

std::size_t NameTable::PlaceOf(std::string_view name) {
  std::uint64_t first = 0, last = 0;
  if (name.size() >= sizeof first) {
    std::memcpy(&first, name.data(), sizeof first);
    std::memcpy(&last, name.data() + name.size() - sizeof last, sizeof last);
  } else {
    std::memcpy(&first, name.data(), name.size());
  }
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;
  return static_cast<std::size_t>(((first ^ name.size()) * kOdd ^ last) * kOdd >> 56U);
}

std::optional<std::uint32_t> NameTable::Number(std::string_view name) {
  Recent& recent = recent_[PlaceOf(name)];
  if (recent.name != nullptr && *recent.name == name) return recent.number;
  const auto number = Find(name);
  if (number) recent = {names_[*number], *number};
  return number;
}

std::optional<std::uint32_t> NameTable::Find(std::string_view name) {
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  const std::size_t cost = name.size() + kNameOverhead;
  if (cost > room_) return std::nullopt;
  room_ -= cost;
  const std::uint32_t number = size();
  names_.push_back(&numbers_.emplace(name, number).first->first);
  return number;
}

bool CallTally::SetName(std::string_view name) {
  name_ = names_.Number(name);
  return name_.has_value();
}

void CallTally::EndCall() {
  if (!name_) return;
  if (process_.size() <= *name_) process_.resize(names_.size());
  if (process_[*name_]++ == 0) process_names_.push_back(*name_);
}

void CallTally::ForgetProcess() {
  for (const std::uint32_t name : process_names_) process_[name] = 0;
  process_names_.clear();
  name_.reset();
}

void CallTally::EndProcess() {
  total_.resize(names_.size());
  for (const std::uint32_t name : process_names_) total_[name] += process_[name];
  ForgetProcess();
}

void CallTally::ForgetAll() {
  ForgetProcess();
  total_.clear();
}

std::vector<model::ApiCall> CallTally::Take() const {
  std::vector<model::ApiCall> calls;
  for (std::uint32_t name = 0; name < total_.size(); ++name) {
    if (total_[name] != 0) calls.push_back({names_.Name(name), total_[name]});
  }
  return calls;
}

void StatTally::Forget() {
  present_ = false;
  counts_.clear();
  process_ = nullptr;
  name_.reset();
}

void StatTally::BeginProcess(std::string_view key) {
  name_.reset();
  const auto number = processes_.Number(key);
  process_ = number ? &counts_[*number] : nullptr;
  if (process_ != nullptr) process_->clear();
}

void StatTally::BeginStat(std::string_view name) {
  name_ = names_.Number(name);
  if (process_ != nullptr && name_) process_->erase(*name_);
}

bool StatTally::SetTimes(std::int64_t times) {
  if (process_ == nullptr || !name_) return false;
  (*process_)[*name_] = times;
  return true;
}

std::vector<model::ApiCall> StatTally::Take() const {
  std::vector<std::int64_t> totals(names_.size(), 0);
  std::vector<bool> seen(names_.size(), false);
  for (const auto& [process, counts] : counts_) {
    for (const auto& [name, times] : counts) {
      totals[name] = AddClamped(totals[name], times);
      seen[name] = true;
    }
  }
  std::vector<model::ApiCall> calls;
  for (std::uint32_t name = 0; name < totals.size(); ++name) {
    if (seen[name]) calls.push_back({names_.Name(name), totals[name]});
  }
  return calls;
}

}  // namespace brood::report
