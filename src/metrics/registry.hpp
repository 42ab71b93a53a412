#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace brood::metrics {

/// In any order; the same pairs are the same labels.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// Only grows. Thread-safe, one atomic addition.
class Counter {
 public:
  virtual ~Counter() = default;
  /// `amount` ≥ 0; a negative or non-finite one is ignored.
  virtual void Add(double amount = 1) = 0;
};

/// A level that rises and falls. Thread-safe.
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
  virtual void Add(double amount) = 0;
};

/// A distribution: seconds unless its name says otherwise. Thread-safe.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

/// One value as Prometheus would store it: a histogram gives <name>_count, <name>_sum and one <name>_bucket per
/// "le".
struct Sample {
  std::string name;
  Labels labels;  ///< sorted by name
  double value = 0;
};

/// Upper ends of buckets from half a millisecond to a minute.
[[nodiscard]] const std::vector<double>& SecondsBuckets();

/// The program's metrics, made by main and handed to whoever counts; there is no global one. Thread-safe.
///
/// Names are brood_<stage>_<noun>_<unit>, counters end in _total. The same name and labels give the same
/// object, and references stay valid as long as the registry. The help of a name's first use stays. A name that
/// is not of this form, a bad label or a name used for two kinds throws std::invalid_argument: a bug.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter& GetCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& GetGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  /// `buckets` rise; those of the first use with these labels stay.
  Histogram& GetHistogram(const std::string& name, const std::string& help, const Labels& labels = {},
                          const std::vector<double>& buckets = SecondsBuckets());

  /// Prometheus text format, version 0.0.4.
  [[nodiscard]] std::string Render() const;
  /// Every value, sorted by name and labels.
  [[nodiscard]] std::vector<Sample> Collect() const;
  /// One value, or nothing if it was never made: for tests and `brood status`.
  [[nodiscard]] std::optional<double> Find(const std::string& name, Labels labels = {}) const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace brood::metrics
