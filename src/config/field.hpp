#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/expected.hpp"
#include "base/secret.hpp"
#include "config/value.hpp"

namespace brood::config {

/// Both ends are allowed values. `unit` is a plural noun: "tasks", "messages".
struct IntBounds {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string unit = {};
};
struct RealBounds {
  double min = 0;
  double max = std::numeric_limits<double>::max();
  std::string unit = {};
};
struct DurationBounds {
  Millis min{0};
  Millis max{std::chrono::hours{24 * 3650}};
};
struct BytesBounds {
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
};

/// One bound variable: reads values in its kind's way, checks them, writes them. Holds a reference to the
/// variable.
class Field {
 public:
  virtual ~Field() = default;
  /// Writes the value, or says why not ("0 is below 1 task") and leaves the variable as it was.
  virtual Expected<void, std::string> Assign(const Value& value) = 0;
  /// The variable's value in TOML, passwords and secrets as [secret].
  virtual std::string Shown() const = 0;
  /// For --help: "N", "DURATION", "SIZE", "URL", …
  virtual std::string ValueName() const = 0;
  /// Unit and bounds: "1 to 100000 tasks"; may be empty.
  virtual std::string Constraint() const { return {}; }
  /// True if `<key>_file` may name a file that holds the value.
  virtual bool MayComeFromFile() const { return false; }
};
using FieldPtr = std::shared_ptr<Field>;

/// A variable seen through two functions, so that its exact type stays in the header of its room. Values are
/// multiples of `step`.
struct NumberSlot {
  std::function<std::int64_t()> get;
  std::function<void(std::int64_t)> set;
  std::int64_t step = 1;
};
struct TextSlot {
  std::function<std::string()> get;
  std::function<void(const std::string&)> set;
};

[[nodiscard]] FieldPtr MakeInt(NumberSlot slot, IntBounds bounds);
[[nodiscard]] FieldPtr MakeDuration(NumberSlot millis, DurationBounds bounds);
[[nodiscard]] FieldPtr MakeBytes(NumberSlot slot, BytesBounds bounds);
[[nodiscard]] FieldPtr MakeReal(double& bound, RealBounds bounds);
[[nodiscard]] FieldPtr MakeBool(bool& bound);
[[nodiscard]] FieldPtr MakeText(std::string& bound);
[[nodiscard]] FieldPtr MakeUrl(std::string& bound);
[[nodiscard]] FieldPtr MakePath(std::filesystem::path& bound);
[[nodiscard]] FieldPtr MakeChoice(TextSlot slot, std::vector<std::string> choices);
[[nodiscard]] FieldPtr MakeTextList(std::vector<std::string>& bound);
[[nodiscard]] FieldPtr MakeSecret(Secret& bound);

}  // namespace brood::config
