#include "metrics/registry.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "metrics/flatten.hpp"

namespace brood::metrics {
namespace {

constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz0123456789_";

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void Add(double amount) override {
    if (amount >= 0 && amount <= std::numeric_limits<double>::max()) counter_.Increment(amount);
  }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void Set(double value) override { gauge_.Set(value); }
  void Add(double amount) override { gauge_.Increment(amount); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

void CheckName(const std::string& name) {
  if (!name.starts_with("brood_") || name.find_first_not_of(kNameLetters) != std::string::npos) {
    throw std::invalid_argument("metric " + name + " is not named brood_<stage>_<noun>_<unit>");
  }
}

prometheus::Labels Checked(const Labels& labels) {
  prometheus::Labels checked;
  for (const auto& [name, value] : labels) {
    const bool named = !name.empty() && name.find_first_not_of(kNameLetters) == std::string::npos &&
                       (name.front() < '0' || name.front() > '9') && !name.starts_with("__") && name != "le";
    if (!named) throw std::invalid_argument("bad metric label name \"" + name + "\"");
    if (!checked.emplace(name, value).second)
      throw std::invalid_argument("metric label " + name + " is there twice");
  }
  return checked;
}

template <class Front>
using Made = std::map<std::pair<std::string, prometheus::Labels>, std::unique_ptr<Front>>;

}  // namespace

struct Registry::Families {
  mutable std::mutex mutex;
  prometheus::Registry registry;
  Made<PrometheusCounter> counters;
  Made<PrometheusGauge> gauges;
  Made<PrometheusHistogram> histograms;
  std::map<std::string, std::string> helps;

  /// The front object of `name` with `labels`; made by `build`'s family with `args` if it is new.
  template <class Front, class Builder, class... Args>
  Front& Get(Made<Front>& made, Builder build, const std::string& name, const std::string& help,
             const Labels& labels, const Args&... args) {
    CheckName(name);
    auto key = std::make_pair(name, Checked(labels));
    std::lock_guard lock(mutex);
    auto found = made.find(key);
    if (found == made.end()) {
      const std::string& first_help = helps.try_emplace(name, help).first->second;
      auto& metric = build().Name(name).Help(first_help).Register(registry).Add(key.second, args...);
      found = made.emplace(std::move(key), std::make_unique<Front>(metric)).first;
    }
    return *found->second;
  }
};

const std::vector<double>& SecondsBuckets() {
  static const std::vector<double> buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                           0.25,   0.5,   1,      2.5,   5,    10,    25,   60};
  return buckets;
}

Registry::Registry() : families_(std::make_unique<Families>()) {}
Registry::~Registry() = default;

Counter& Registry::GetCounter(const std::string& name, const std::string& help, const Labels& labels) {
  if (!name.ends_with("_total")) throw std::invalid_argument("counter " + name + " does not end in _total");
  return families_->Get(families_->counters, prometheus::BuildCounter, name, help, labels);
}

Gauge& Registry::GetGauge(const std::string& name, const std::string& help, const Labels& labels) {
  return families_->Get(families_->gauges, prometheus::BuildGauge, name, help, labels);
}

Histogram& Registry::GetHistogram(const std::string& name, const std::string& help, const Labels& labels,
                                  const std::vector<double>& buckets) {
  if (buckets.empty() || !std::ranges::is_sorted(buckets, std::ranges::less_equal{})) {
    throw std::invalid_argument("the buckets of " + name + " do not rise");
  }
  return families_->Get(families_->histograms, prometheus::BuildHistogram, name, help, labels, buckets);
}

std::string Registry::Render() const {
  auto families = families_->registry.Collect();
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, families);
  return std::move(out).str();
}

std::vector<Sample> Registry::Collect() const {
  std::vector<Sample> samples = Flatten(families_->registry.Collect());
  std::ranges::stable_sort(samples, {}, [](const Sample& each) { return std::tie(each.name, each.labels); });
  return samples;
}

std::optional<double> Registry::Find(const std::string& name, Labels labels) const {
  std::ranges::sort(labels);
  for (const Sample& sample : Collect()) {
    if (sample.name == name && sample.labels == labels) return sample.value;
  }
  return {};
}

}  // namespace brood::metrics
