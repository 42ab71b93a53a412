#include "report/call_list.hpp"

#include <algorithm>
#include <iterator>

namespace brood::report {
namespace {

/// Equal names are looked for one by one.
constexpr std::size_t kMaxArguments = 256;

std::size_t CostOf(const model::SeenCall& call) {
  std::size_t cost = sizeof(call) + call.api.size() + call.category.size() + call.status.size() +
                     call.return_value.size() + call.timestamp.size() + call.thread_id.size();
  for (const auto& argument : call.arguments)
    cost += sizeof(argument) + argument.name.size() + argument.value.size();
  return cost;
}

std::size_t CostOf(const model::SeenProcess& process) {
  return sizeof(process) + process.name.size() + process.first_seen.size();
}

}  // namespace

void CallList::BeginCall(std::uint64_t position) {
  position_ = position;
  api_.clear();
  texts_ = {};
  numbers_ = {};
  ForgetArguments();
}

void CallList::EndCall() {
  if (api_.empty() || !WantsCalls()) return;
  model::SeenCall call = CallInHand();
  const std::size_t cost = CostOf(call);
  if (cost > call_room_) {
    closed_by_ = processes_.size();
    return;
  }
  call_room_ -= cost;
  calls_.push_back(std::move(call));
}

model::SeenCall CallList::CallInHand() {
  const auto number = [this](CallNumber which) { return numbers_[static_cast<std::size_t>(which)]; };
  return {processes_.size(),
          std::move(api_),
          TextOf(CallSlot::kCategory),
          TextOf(CallSlot::kStatus),
          TextOf(CallSlot::kReturn),
          TextOf(CallSlot::kTimestamp),
          TextOf(CallSlot::kThread),
          number(CallNumber::kRepeated).value_or(0),
          number(CallNumber::kId).value_or(static_cast<std::int64_t>(position_)),
          std::move(arguments_)};
}

std::string CallList::TextOf(CallSlot slot) {
  for (auto& text : texts_[static_cast<std::size_t>(slot)]) {
    if (text) return std::move(*text);
  }
  return {};
}

bool CallList::EndItem() {
  if (arguments_.size() >= kMaxArguments) return false;
  arguments_.push_back(std::move(item_));
  return true;
}

bool CallList::BeginMember(std::string_view name) {
  const auto found = std::find_if(arguments_.begin(), arguments_.end(),
                                  [&](const auto& argument) { return argument.name == name; });
  member_ = static_cast<std::size_t>(found - arguments_.begin());
  if (found != arguments_.end())
    found->value.clear();
  else if (arguments_.size() < kMaxArguments)
    arguments_.push_back({std::string(name), {}});
  else
    member_.reset();
  return member_.has_value();
}

void CallList::SetMember(std::string value) {
  if (member_) arguments_[*member_].value = std::move(value);
}

void CallList::ForgetArguments() {
  arguments_.clear();
  item_ = {};
  member_.reset();
}

void CallList::ForgetProcess() {
  for (; calls_.size() > first_of_process_; calls_.pop_back()) call_room_ += CostOf(calls_.back());
  if (closed_by_ == processes_.size()) closed_by_.reset();
}

void CallList::EndProcess(model::SeenProcess process) {
  const std::size_t cost = CostOf(process);
  processes_closed_ = processes_closed_ || cost > process_room_;
  if (processes_closed_) return ForgetProcess();
  process_room_ -= cost;
  processes_.push_back(std::move(process));
  first_of_process_ = calls_.size();
}

void CallList::ForgetAll() {
  for (const auto& call : calls_) call_room_ += CostOf(call);
  for (const auto& process : processes_) process_room_ += CostOf(process);
  calls_.clear();
  processes_.clear();
  first_of_process_ = 0;
  closed_by_.reset();
  processes_closed_ = false;
}

}  // namespace brood::report
