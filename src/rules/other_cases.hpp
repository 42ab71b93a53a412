#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace brood::rules {

/// Which characters PCRE2 takes for each other without regard to case, found by asking it, so that its Unicode
/// is the one that counts. Immutable.
class CaseTable {
 public:
  /// Made by the first call, which takes a tenth of a second. Thread-safe.
  [[nodiscard]] static const CaseTable& OfPcre2();

  /// Appends the other cases of each character from `first` to `last`, some maybe twice.
  void AppendOthers(std::uint32_t first, std::uint32_t last, std::vector<std::uint32_t>& out) const;

  /// Characters that have other cases.
  [[nodiscard]] std::size_t Size() const { return others_.size(); }

 private:
  CaseTable();

  std::map<std::uint32_t, std::vector<std::uint32_t>> others_;
};

}  // namespace brood::rules
