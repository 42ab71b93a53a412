#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crits/parsers.hpp"

namespace brood::crits {

/// Some results as the three lists that CRITs takes, JSON texts of one length.
struct Batch {
  std::string results, types, subtypes;
  std::size_t items = 0;
  [[nodiscard]] bool Empty() const { return items == 0; }
  bool operator==(const Batch&) const = default;
};

struct BatchLimits {
  /// Of a form body, for the three lists as they are encoded; 0 = no limit.
  std::size_t max_encoded = 0;
  /// Of all results in CRITs' document. It holds 16 MB; its own form needs up to a third more than ours.
  std::size_t max_document = 12'000'000;
};

/// Fills batches one after the other: pure, so that the same results give the same batches again. Each item
/// carries its batch's number and its own (batch times a million and its place), by which the page in CRITs
/// hides what was sent twice.
class Batches {
 public:
  /// `used` bytes stand in the document already; numbers go on from `first_number`.
  Batches(BatchLimits limits, std::size_t used, std::int64_t first_number)
      : limits_(limits), used_(used), number_(first_number) {}

  /// An item that is too large for any batch, or comes when the document is full, is left out and counted.
  void Add(const Item& item);

  [[nodiscard]] const std::vector<Batch>& All() const { return batches_; }
  /// The oldest batch, if another one was begun behind it: nothing more comes into it. So that of many batches
  /// only two are in memory.
  [[nodiscard]] std::optional<Batch> TakeFull();
  /// All that are left.
  [[nodiscard]] std::vector<Batch> Take() { return std::move(batches_); }
  [[nodiscard]] std::size_t Used() const { return used_; }
  [[nodiscard]] std::int64_t NextNumber() const;
  [[nodiscard]] const std::map<std::string, std::size_t>& LeftOut() const { return left_out_; }  ///< by subtype

 private:
  const BatchLimits limits_;
  std::size_t used_;
  std::int64_t number_;  ///< of the batch in hand
  std::size_t encoded_ = 0;
  std::vector<Batch> batches_;
  std::map<std::string, std::size_t> left_out_;
};

}  // namespace brood::crits
