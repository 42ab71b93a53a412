#include "report/walker.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace brood::report {
namespace {

constexpr std::size_t kMaxShownKey = 64;

bool IsOpen(char c) { return c == '{' || c == '['; }
bool IsClose(char c) { return c == '}' || c == ']'; }

}  // namespace

Walker::Walker(Harvest& harvest, Notes& notes, const Limits& limits)
    : harvest_(harvest),
      notes_(notes),
      limits_(limits),
      value_(&FieldTree(limits.max_calls > 0 ? Calls::kListed : Calls::kCounted)) {}

void Walker::On(char c, std::string_view between) {
  switch (state_) {
    case State::kKey:
      return OnKeyPlace(c);
    case State::kInKey:
      return ReadKey(between);
    case State::kMaybeKey:
      return OnMaybeKey(c);
    case State::kColon:
      return OnColonPlace(c);
    case State::kValue:
      return OnValuePlace(c, between);
    case State::kInValue:
      if (value_ != nullptr) harvest_.Put(*value_, {Scalar::Kind::kText, between});
      return Enter(State::kNext);
    case State::kNext:
      return OnNextPlace(c);
    case State::kJson:
      return OnJson(c, between);
  }
}

void Walker::OnKeyPlace(char c) {
  if (c == '"') return Enter(State::kInKey);
  if (IsClose(c)) return Close(c);
  Broken();
  if (IsOpen(c)) {
    value_ = nullptr;
    Open(c);
  } else if (c == ':') {  // a key without quotes
    value_ = nullptr;
    Enter(State::kValue);
  }
}

void Walker::OnMaybeKey(char c) {
  if (c == ',') return Comma();
  if (IsClose(c)) return Close(c);
  if (c == ':') harvest_.Key(*value_, frames_.back().node->only_key);
  OnColonPlace(c);
}

void Walker::OnColonPlace(char c) {
  if (c == ':') return Enter(State::kValue);
  Broken();
  if (c == ',') return Comma();
  if (IsClose(c)) return Close(c);
  Enter(State::kValue);
  OnValuePlace(c, {});
}

void Walker::OnValuePlace(char c, std::string_view between) {
  if (!between.empty() && ReadScalar(between)) {
    Enter(State::kNext);
    return OnNextPlace(c);
  }
  if (c == '"') return Enter(State::kInValue);
  if (IsOpen(c)) return Open(c);
  if (c == ',') return Comma();
  if (IsClose(c)) return Close(c);
  Broken();
}

void Walker::OnNextPlace(char c) {
  if (c == ',') return Comma();
  if (IsClose(c)) return Close(c);
  Broken();
  if (c == ':') return;
  Comma();  // one is missing
  if (state_ != State::kNext) return On(c, {});
  if (IsOpen(c)) Open(c);  // an item that is not wanted
}

/// Everything but the blanks outside texts, to the bracket that closes the value.
void Walker::OnJson(char c, std::string_view between) {
  KeepJson(json_in_text_ ? between : TrimAscii(between));
  KeepJson({&c, 1});
  if (c == '"') {
    json_in_text_ = !json_in_text_;
  } else if (IsOpen(c)) {
    ++json_depth_;
  } else if (IsClose(c) && --json_depth_ == 0) {
    harvest_.PutJson(*value_, json_);
    Enter(State::kNext);
  }
}

/// No more than show that it is too long.
void Walker::KeepJson(std::string_view bytes) {
  json_.append(
      bytes.substr(0, limits_.max_field_bytes + 1 - std::min(json_.size(), limits_.max_field_bytes + 1)));
}

void Walker::ReadKey(std::string_view raw) {
  const Node& parent = *frames_.back().node;
  std::string decoded;
  std::string_view key = raw;
  // Of a key that is too long, the scanner may have kept no more than this.
  const std::string_view front = raw.substr(0, limits_.max_field_bytes);
  if (parent.any || front.find('\\') != std::string_view::npos) {
    decoded = harvest_.Decode(raw, parent.path, limits_.max_field_bytes);
    key = decoded;
  }
  value_ = parent.Member(key);
  if (value_ == nullptr) {
    unwanted_key_.assign(key.substr(0, kMaxShownKey));
  } else {
    if (frames_.size() == 1) harvest_.haul().has_sections = true;
    harvest_.Key(*value_, key);
  }
  Enter(State::kColon);
}

void Walker::KeyFound() {
  const Node& parent = *frames_.back().node;
  value_ = parent.Member(parent.only_key);
  Enter(State::kMaybeKey);
}

void Walker::TextFound(std::string_view text) {
  const Node& parent = *frames_.back().node;
  value_ = parent.Member(parent.only_key);
  harvest_.Key(*value_, parent.only_key);
  harvest_.Put(*value_, {Scalar::Kind::kText, text});
}

bool Walker::NextItem() {
  if (frames_.size() < 2) return false;
  Frame& item = frames_.back();
  Frame& list = frames_[frames_.size() - 2];
  if (list.is_object || ItemOf(*list.node, list.index + 1) != item.node) return false;
  harvest_.End(*item.node);
  harvest_.Begin(*item.node, ++list.index);
  return true;
}

/// False if there is none: the value is a text, an object or a list.
bool Walker::ReadScalar(std::string_view between) {
  auto scalar = ScalarFrom(between);
  // Of one that is too long, the scanner may have kept no more than shows it.
  if (scalar && scalar->text.size() > std::max(limits_.max_token_bytes, limits_.max_field_bytes))
    scalar->kind = Scalar::Kind::kUnreadable;
  if (scalar && value_ != nullptr) harvest_.Put(*value_, *scalar);
  return scalar.has_value();
}

void Walker::Open(char c) {
  const bool is_object = c == '{';
  const bool due = value_ != nullptr && (is_object ? value_->TakesObject() : value_->TakesList());
  if (!due && value_ != nullptr && value_->raw) {
    json_.assign(1, c);
    json_depth_ = 1;
    json_in_text_ = false;
    return Enter(State::kJson);
  }
  if (!due) {
    if (value_ != nullptr) harvest_.PutContainer(*value_);
    frames_.push_back({nullptr, is_object, 0});
    Enter(State::kNext);
    move_ = Move::kSkip;
    return;
  }
  const std::uint64_t index = frames_.empty() ? 0 : frames_.back().index;
  frames_.push_back({value_, is_object, 0});
  harvest_.Begin(*value_, index);
  if (is_object)
    Enter(State::kKey);
  else
    EnterItem(frames_.back());
}

void Walker::Close(char c) {
  const Frame frame = frames_.back();
  frames_.pop_back();
  if (frame.node != nullptr) {
    if (frame.is_object != (c == '}')) Broken();
    harvest_.End(*frame.node);
  }
  Enter(State::kNext);
  if (frames_.empty()) move_ = Move::kDone;
}

void Walker::Comma() {
  Frame& frame = frames_.back();
  if (frame.is_object) return Enter(State::kKey);
  ++frame.index;
  EnterItem(frame);
}

const Node* Walker::ItemOf(const Node& list, std::uint64_t index) const {
  const Node* item = list.Item(index);
  return item != nullptr && item->lean != nullptr && !harvest_.WantsCalls() ? item->lean : item;
}

void Walker::EnterItem(Frame& frame) {
  value_ = ItemOf(*frame.node, frame.index);
  Enter(value_ == nullptr ? State::kNext : State::kValue);
  if (value_ == nullptr) move_ = Move::kSkip;  // only the first item is wanted
}

void Walker::Enter(State state) {
  state_ = state;
  move_ = Move::kWalk;
  if (state == State::kKey && !frames_.back().node->only_key.empty()) move_ = Move::kSeek;
  wants_text_ = state == State::kInKey || state == State::kValue || state == State::kJson ||
                (state == State::kInValue && value_ != nullptr);
}

void Walker::TooDeep() {
  notes_.Add(frames_.size() > 1 ? frames_[frames_.size() - 2].node->path : "", "nested too deep, skipped");
}

void Walker::Broken() {
  const Node* node = frames_.empty() || frames_.back().node == nullptr ? nullptr : frames_.back().node;
  notes_.Add(node == nullptr ? std::string_view() : node->path, "broken syntax");
}

std::string Walker::Where() const {
  if (frames_.empty()) return "";
  const bool skipping = frames_.back().node == nullptr;
  const Node* node = skipping ? nullptr : frames_.back().node;
  if (!skipping && value_ != nullptr &&
      (state_ == State::kValue || state_ == State::kInValue || state_ == State::kJson))
    node = value_;
  if (node != nullptr) return std::string(node->path);
  if (value_ != nullptr) return std::string(value_->path);
  const std::string_view parent = frames_.size() > 1 ? frames_[frames_.size() - 2].node->path : "";
  return parent.empty() ? unwanted_key_ : std::string(parent) + "." + unwanted_key_;
}

}  // namespace brood::report
