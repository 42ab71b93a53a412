#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "config/field.hpp"
#include "config/field_text.hpp"
#include "config/quantity.hpp"

namespace brood::config {
namespace {

using Assigned = Expected<void, std::string>;

/// How one kind of number is read, written and told.
struct NumberKind {
  std::string_view wanted, value_name;
  std::optional<std::int64_t> (*read)(const Value&);
  std::string (*write)(std::int64_t);  ///< without quotes
  bool quoted;                         ///< in TOML
};

std::optional<std::int64_t> ReadInt(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* free = std::get_if<FreeText>(&value)) return ParseInt(TrimAscii(free->text));
  return {};
}

std::optional<std::int64_t> ReadDuration(const Value& value) {
  std::optional<Millis> millis;
  if (const std::string* text = TextOf(value)) millis = ParseDuration(*text);
  if (const auto* seconds = std::get_if<std::int64_t>(&value)) millis = ParseDuration(std::to_string(*seconds));
  return millis ? std::optional(std::int64_t{millis->count()}) : std::nullopt;
}

std::optional<std::int64_t> ReadBytes(const Value& value) {
  if (const std::string* text = TextOf(value)) return ParseBytes(*text);
  if (const auto* bytes = std::get_if<std::int64_t>(&value)) return *bytes;
  return {};
}

constexpr NumberKind kInt{"a whole number", "N", ReadInt, [](std::int64_t n) { return std::to_string(n); },
                          false};
constexpr NumberKind kDuration{R"(a duration such as "250ms", "5s", "10m", "2h" or a number of seconds)",
                               "DURATION", ReadDuration,
                               [](std::int64_t n) { return FormatDuration(Millis{n}); }, true};
constexpr NumberKind kBytes{R"(a size such as "100MiB", "2GB" or a number of bytes)", "SIZE", ReadBytes,
                            FormatBytes, true};

struct NumberBounds {
  std::int64_t min, max;
  std::string unit;
  std::int64_t tellable_max;  ///< from here on up the upper bound goes without saying
};

class NumberField final : public Field {
 public:
  NumberField(const NumberKind& kind, NumberSlot slot, NumberBounds bounds)
      : kind_(kind), slot_(std::move(slot)), bounds_(std::move(bounds)) {}

  Assigned Assign(const Value& value) override {
    const auto number = kind_.read(value);
    if (!number) return Unexpected(WrongKind(value, kind_.wanted));
    if (*number < bounds_.min) return Unexpected(OutOfBounds(*number, "below", bounds_.min));
    if (*number > bounds_.max) return Unexpected(OutOfBounds(*number, "above", bounds_.max));
    if (*number % slot_.step != 0) {
      return Unexpected(
          fmt::format("{} is not a multiple of {}", kind_.write(*number), kind_.write(slot_.step)));
    }
    slot_.set(*number);
    return {};
  }

  std::string Shown() const override {
    const std::string text = kind_.write(slot_.get());
    return kind_.quoted ? TomlString(text) : text;
  }
  std::string ValueName() const override { return std::string(kind_.value_name); }
  std::string Constraint() const override {
    const bool bounded = bounds_.max < bounds_.tellable_max;
    return Range(bounds_.min == 0 && !bounded ? "" : kind_.write(bounds_.min),
                 bounded ? kind_.write(bounds_.max) : "", bounds_.unit);
  }

 private:
  std::string OutOfBounds(std::int64_t number, std::string_view side, std::int64_t bound) const {
    return fmt::format("{} is {} {}", kind_.write(number), side, WithUnit(kind_.write(bound), bounds_.unit));
  }

  const NumberKind& kind_;
  NumberSlot slot_;
  NumberBounds bounds_;
};

class RealField final : public Field {
 public:
  RealField(double& bound, RealBounds bounds) : bound_(bound), bounds_(std::move(bounds)) {}

  Assigned Assign(const Value& value) override {
    const auto number = Read(value);
    if (!number || !std::isfinite(*number)) return Unexpected(WrongKind(value, "a number"));
    if (*number < bounds_.min) return Unexpected(OutOfBounds(*number, "below", bounds_.min));
    if (*number > bounds_.max) return Unexpected(OutOfBounds(*number, "above", bounds_.max));
    bound_ = *number;
    return {};
  }
  std::string Shown() const override {
    const std::string text = fmt::format("{}", bound_);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
  std::string ValueName() const override { return "X"; }
  std::string Constraint() const override {
    const bool bounded = bounds_.max < std::numeric_limits<double>::max();
    const bool from_somewhere =
        bounds_.min > std::numeric_limits<double>::lowest() && (bounded || bounds_.min != 0);
    return Range(from_somewhere ? fmt::format("{}", bounds_.min) : "",
                 bounded ? fmt::format("{}", bounds_.max) : "", bounds_.unit);
  }

 private:
  static std::optional<double> Read(const Value& value) {
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
    if (const auto* free = std::get_if<FreeText>(&value)) return ParseDouble(TrimAscii(free->text));
    return {};
  }
  std::string OutOfBounds(double number, std::string_view side, double bound) const {
    return fmt::format("{} is {} {}", number, side, WithUnit(fmt::format("{}", bound), bounds_.unit));
  }

  double& bound_;
  RealBounds bounds_;
};

}  // namespace

FieldPtr MakeInt(NumberSlot slot, IntBounds bounds) {
  // The limits of the usual types say nothing to a reader.
  constexpr std::int64_t kTellable = std::numeric_limits<std::int32_t>::max();
  return std::make_shared<NumberField>(kInt, std::move(slot),
                                       NumberBounds{bounds.min, bounds.max, std::move(bounds.unit), kTellable});
}

FieldPtr MakeDuration(NumberSlot millis, DurationBounds bounds) {
  const NumberBounds numbers{bounds.min.count(), bounds.max.count(), "", DurationBounds{}.max.count()};
  return std::make_shared<NumberField>(kDuration, std::move(millis), numbers);
}

FieldPtr MakeBytes(NumberSlot slot, BytesBounds bounds) {
  const NumberBounds numbers{bounds.min, bounds.max, "", std::numeric_limits<std::int32_t>::max() * kKiB};
  return std::make_shared<NumberField>(kBytes, std::move(slot), numbers);
}

FieldPtr MakeReal(double& bound, RealBounds bounds) {
  return std::make_shared<RealField>(bound, std::move(bounds));
}

}  // namespace brood::config
