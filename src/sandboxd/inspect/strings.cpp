#include "sandboxd/inspect/strings.hpp"

#include <unordered_set>

namespace brood::sandboxd::inspect {
namespace {

bool IsPrintable(char c) { return (c >= ' ' && c <= '~') || c == '\t'; }

/// Takes what is found until its share is full.
class Collector {
 public:
  Collector(const StringLimits& limits, std::size_t room) : limits_(limits), room_(room) {}

  bool Full() const { return found_.size() >= room_; }
  void Add(char c) {
    ++length_;
    if (run_.size() < limits_.longest) run_ += c;
  }
  void End() {
    if (length_ >= limits_.shortest && !Full() && seen_.insert(run_).second) found_.push_back(run_);
    run_.clear();
    length_ = 0;
  }
  std::vector<std::string> Take() {
    End();
    return std::move(found_);
  }

 private:
  const StringLimits& limits_;
  const std::size_t room_;
  std::string run_;
  std::size_t length_ = 0;
  std::vector<std::string> found_;
  std::unordered_set<std::string> seen_;
};

std::vector<std::string> FindAscii(std::string_view bytes, const StringLimits& limits, std::size_t room) {
  Collector collector(limits, room);
  for (std::size_t i = 0; i < bytes.size() && !collector.Full(); ++i) {
    if (IsPrintable(bytes[i])) {
      collector.Add(bytes[i]);
    } else {
      collector.End();
    }
  }
  return collector.Take();
}

std::vector<std::string> FindUtf16(std::string_view bytes, const StringLimits& limits, std::size_t room) {
  Collector collector(limits, room);
  for (std::size_t i = 0; i + 1 < bytes.size() && !collector.Full();) {
    if (IsPrintable(bytes[i]) && bytes[i + 1] == '\0') {
      collector.Add(bytes[i]);
      i += 2;
    } else {
      collector.End();
      ++i;  // a run may begin at an odd offset
    }
  }
  return collector.Take();
}

}  // namespace

std::vector<std::string> FindStrings(std::string_view bytes, const StringLimits& limits) {
  std::vector<std::string> wide = FindUtf16(bytes, limits, limits.count);
  const std::size_t for_ascii = std::max(limits.count / 2, limits.count - wide.size());
  std::vector<std::string> found = FindAscii(bytes, limits, for_ascii);
  const std::size_t room = limits.count - found.size();
  if (wide.size() > room) wide.resize(room);
  found.insert(found.end(), std::make_move_iterator(wide.begin()), std::make_move_iterator(wide.end()));
  return found;
}

}  // namespace brood::sandboxd::inspect
