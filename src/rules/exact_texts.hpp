#pragma once

#include <bitset>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace brood::rules {

/// Texts that stand for themselves, each with the ids of those who look for it. Built once, then immutable.
///
/// The hash is weak on purpose: only rules decide what stands in the table, so that data of malware can at
/// worst be compared with one cluster of it.
class ExactTexts {
 public:
  /// Not after Finish.
  void Add(std::string text, std::uint32_t id) { entries_.push_back({std::move(text), id, 0}); }
  void Finish();

  [[nodiscard]] std::size_t Size() const { return entries_.size(); }

  /// Calls `found` with the id of each entry that is `text`.
  template <class Found>
  void Find(std::string_view text, Found found) const {
    if (!lengths_[LengthClass(text)]) return;
    const std::uint64_t hash = Hash(text);
    for (std::size_t slot = hash & mask_; slots_[slot] != kFree; slot = (slot + 1) & mask_) {
      const Entry& entry = entries_[slots_[slot]];
      if (entry.hash == hash && entry.text == text) found(entry.id);
    }
  }

 private:
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;

  struct Entry {
    std::string text;
    std::uint32_t id;
    std::uint64_t hash;
  };

  static std::size_t LengthClass(std::string_view text) { return text.size() < 1'023 ? text.size() : 1'023; }

  template <class Word>
  static std::uint64_t Load(const char* bytes) {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }

  /// Of the length and the first, middle and last eight bytes, or of all that a shorter text has.
  static std::uint64_t Hash(std::string_view text) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
    const char* const begin = text.data();
    const std::size_t size = text.size();
    std::uint64_t hash = size * kOdd;
    if (size >= 8) {
      hash ^= Load<std::uint64_t>(begin);
      hash = (hash ^ hash >> 29U) * kOdd ^ Load<std::uint64_t>(begin + (size - 8) / 2);
      hash = (hash ^ hash >> 29U) * kOdd ^ Load<std::uint64_t>(begin + size - 8);
    } else if (size >= 4) {
      hash ^= Load<std::uint32_t>(begin) << 32U | Load<std::uint32_t>(begin + size - 4);
    } else {
      for (const char c : text) hash = hash << 8U ^ static_cast<unsigned char>(c);
    }
    hash = (hash ^ hash >> 32U) * kOdd;
    return hash ^ hash >> 32U;
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_{kFree};  // indices into entries_, open addressing
  std::size_t mask_ = 0;
  std::bitset<1'024> lengths_;
};

}  // namespace brood::rules
