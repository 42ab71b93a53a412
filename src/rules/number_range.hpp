#pragma once

#include <string>

#include "base/expected.hpp"
#include "rules/rule_json.hpp"

namespace brood::rules {

/// Both ends included.
struct NumberRange {
  double low = 0, high = 0;
  bool Contains(double number) const { return low <= number && number <= high; }
  bool operator==(const NumberRange&) const = default;
};

// A value of a rule as the numbers it stands for; the error is a sentence.

/// A whole number, as a number or in quotes.
[[nodiscard]] Expected<NumberRange, std::string> ReadInteger(const RuleScalar& scalar);
/// A whole number from 0 to 65535.
[[nodiscard]] Expected<NumberRange, std::string> ReadPort(const RuleScalar& scalar);
/// "1.0-4.0". The ends are not negative.
[[nodiscard]] Expected<NumberRange, std::string> ReadNumberRange(const RuleScalar& scalar);
/// "1-5". The ends are whole and not negative.
[[nodiscard]] Expected<NumberRange, std::string> ReadCountRange(const RuleScalar& scalar);

}  // namespace brood::rules
