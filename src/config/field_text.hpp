#pragma once

#include <string>
#include <string_view>

#include "config/value.hpp"

/// Phrases shared by the kinds of fields; inside this room only.
namespace brood::config {

/// The text of a value that is one, typed or not; else nullptr.
[[nodiscard]] const std::string* TextOf(const Value& value);
/// `"abc" is a text, not a whole number`, or for untyped text `"abc" is not a whole number`.
[[nodiscard]] std::string WrongKind(const Value& value, std::string_view wanted);
/// "1 to 9 tasks", "at least 1 task", "at most 9 tasks", "tasks"; an empty end is no bound.
[[nodiscard]] std::string Range(const std::string& min, const std::string& max, const std::string& unit);
/// "1 task", "2 tasks", "2".
[[nodiscard]] std::string WithUnit(const std::string& number, const std::string& unit);
/// The URL with what stands before its @ hidden: "amqp://guest:[secret]@host".
[[nodiscard]] std::string RedactUrl(std::string_view url);

}  // namespace brood::config
