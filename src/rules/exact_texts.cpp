#include "rules/exact_texts.hpp"

#include <bit>

namespace brood::rules {

void ExactTexts::Finish() {
  mask_ = std::bit_ceil(entries_.size() * 2 + 1) - 1;
  slots_.assign(mask_ + 1, kFree);
  for (std::uint32_t index = 0; index < entries_.size(); ++index) {
    Entry& entry = entries_[index];
    entry.hash = Hash(entry.text);
    lengths_.set(LengthClass(entry.text));
    std::size_t slot = entry.hash & mask_;
    while (slots_[slot] != kFree) slot = (slot + 1) & mask_;
    slots_[slot] = index;
  }
}

}  // namespace brood::rules
