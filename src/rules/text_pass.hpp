#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/text_matcher.hpp"

namespace brood::rules {

/// One TextMatcher::Scan while it runs. Refers to what it was given.
class TextPass {
 public:
  TextPass(const TextMatcher& matcher, std::span<const std::string_view> data, MatchScratch& scratch);

  /// Once. The hits are in no order.
  [[nodiscard]] TextHits Run() &&;

 private:
  /// PCRE2 is to say whether the pattern, an index, matches.
  struct Candidate {
    std::uint32_t pattern, datum;
  };

  void LookUp();
  void ScanAll();
  void ScanOne(std::uint32_t datum);
  void SearchAlone(std::uint32_t pattern);
  /// Pattern by pattern, so that each has its own time.
  void Confirm();
  void Search(std::uint32_t pattern, std::span<const std::uint32_t> datums);
  /// False if the pattern should be left alone from now on.
  bool NoteLimit(std::uint32_t pattern, std::string_view datum, Pcre::Outcome outcome);

  const TextMatcher& matcher_;
  std::span<const std::string_view> data_;
  MatchScratch& scratch_;
  std::vector<std::string_view> mended_data_;  // what data_ is, if any of it was no UTF-8
  std::deque<std::string> mended_;
  std::vector<std::uint32_t> found_;  // by the scan of one text
  std::vector<Candidate> candidates_;
  std::map<std::uint32_t, LimitHit> limits_;  // by pattern
  std::vector<std::uint32_t> given_up_;       // patterns that used up their time
  TextHits out_;
};

}  // namespace brood::rules
