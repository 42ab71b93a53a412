#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/gate.hpp"
#include "crits/crits.hpp"
#include "crits/rest/answers_json.hpp"
#include "crits/settings.hpp"
#include "http/allow_list.hpp"
#include "http/client.hpp"
#include "metrics/registry.hpp"

namespace brood::crits::rest {

/// CRITs at the URL that an analysis names, or at the configured one, over HTTP. At most `parallel` requests at
/// once. What did not happen is sent again up to `tries` times with growing waits; what may have happened only
/// where twice is harmless.
class RestCrits final : public Crits {
 public:
  /// Throws std::invalid_argument for a URL in `allow` that is none.
  RestCrits(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
            metrics::Registry& metrics);

  Result<void> Send(const Analysis& analysis, const Update& update, std::stop_token stop) override;
  Result<std::string> AddSample(const Analysis& analysis, const NewSample& sample,
                                std::stop_token stop) override;
  Result<void> Relate(const Analysis& analysis, const std::string& sample_id, std::stop_token stop) override;

 private:
  enum class Twice { kHarmless, kNot };
  /// The base URL of this analysis's CRITs.
  Result<std::string> BaseOf(const Analysis& analysis) const;
  Result<std::string> Exchange(const CallName& name, const http::Request& request, Twice twice,
                               const std::stop_token& stop);
  Result<std::string> Once(const CallName& name, const http::Request& request, const std::stop_token& stop);
  http::Request To(const std::string& base, const std::string& path) const;

  void WarnOnce() const;

  const Settings settings_;
  const http::AllowList allowed_;
  const std::shared_ptr<http::Client> client_;
  Clock& clock_;
  metrics::Registry& metrics_;
  metrics::Histogram& seconds_;
  const Backoff backoff_;
  Gate gate_;
  mutable std::once_flag warned_;
};

}  // namespace brood::crits::rest
