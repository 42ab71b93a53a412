#include "metrics/flatten.hpp"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace brood::metrics {
namespace {

std::string BucketEnd(double bound) {
  if (std::isinf(bound)) return "+Inf";
  std::ostringstream out;
  out << bound;
  return std::move(out).str();
}

void AppendHistogram(std::vector<Sample>& out, const std::string& name, const Labels& labels,
                     const prometheus::ClientMetric::Histogram& histogram) {
  out.push_back({name + "_count", labels, static_cast<double>(histogram.sample_count)});
  out.push_back({name + "_sum", labels, histogram.sample_sum});
  for (const auto& bucket : histogram.bucket) {
    Labels with_end = labels;
    with_end.emplace_back("le", BucketEnd(bucket.upper_bound));
    std::ranges::sort(with_end);
    out.push_back({name + "_bucket", std::move(with_end), static_cast<double>(bucket.cumulative_count)});
  }
}

void AppendMetric(std::vector<Sample>& out, const prometheus::MetricFamily& family,
                  const prometheus::ClientMetric& metric) {
  Labels labels;
  for (const auto& label : metric.label) labels.emplace_back(label.name, label.value);
  std::ranges::sort(labels);
  switch (family.type) {
    case prometheus::MetricType::Counter:
      out.push_back({family.name, std::move(labels), metric.counter.value});
      break;
    case prometheus::MetricType::Gauge:
      out.push_back({family.name, std::move(labels), metric.gauge.value});
      break;
    case prometheus::MetricType::Histogram:
      AppendHistogram(out, family.name, labels, metric.histogram);
      break;
    default:
      break;  // the registry makes no other kinds
  }
}

}  // namespace

std::vector<Sample> Flatten(const std::vector<prometheus::MetricFamily>& families) {
  std::vector<Sample> out;
  for (const auto& family : families) {
    for (const auto& metric : family.metric) AppendMetric(out, family, metric);
  }
  return out;
}

}  // namespace brood::metrics
