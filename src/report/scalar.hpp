#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace brood::report {

/// A value that is no list and no object, as written.
struct Scalar {
  enum class Kind : std::uint8_t {
    kText,        ///< `text` is what stands between the quotes, escapes and all
    kNumber,      ///< `text` are its characters
    kBool,        ///< `text` is true or false
    kNull,        ///< same as absent
    kUnreadable,  ///< NaN, Infinity, or anything else that JSON does not know
  };
  Kind kind;
  std::string_view text;
};

struct Number {
  double value;
  std::optional<std::int64_t> whole;  ///< if it is one and fits
};

/// What stands between two structural characters, blanks around it removed; nothing if there is nothing else.
[[nodiscard]] std::optional<Scalar> ScalarFrom(std::string_view between);
/// Nothing for what is no number or too big for a double.
[[nodiscard]] std::optional<Number> NumberFrom(const Scalar& scalar);

}  // namespace brood::report
