#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace brood::rules {

/// The members of a set in a pattern.
class CharacterSet {
 public:
  void Add(std::uint32_t first, std::uint32_t last);
  /// What is in ASCII of \d, \D, \s, \S, \w or \W, and a note that there is more beyond.
  void AddClass(char letter);
  /// With each letter its other cases; only those in ASCII if there is nothing beyond.
  void AddOtherCases();
  /// Takes what is in ASCII for what is not.
  void NegateAscii() { ascii_ = ~ascii_; }

  [[nodiscard]] bool HasClass() const { return has_class_; }
  [[nodiscard]] bool HasBeyondAscii() const { return !beyond_.empty(); }
  /// How many pieces Text has beyond ASCII.
  [[nodiscard]] std::size_t RangesBeyondAscii() const { return beyond_.size(); }

  /// As the inside of a set in a pattern: the members in ASCII, or all but for what a class has beyond.
  [[nodiscard]] std::string AsciiText() const;
  [[nodiscard]] std::string Text() const;

 private:
  using Ascii = std::bitset<128>;
  static Ascii ClassMembers(char letter);
  void Merge();

  Ascii ascii_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> beyond_;
  bool has_class_ = false;
};

}  // namespace brood::rules
