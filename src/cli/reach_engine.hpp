#pragma once

#include <memory>
#include <stop_token>

#include "base/clock.hpp"
#include "http/client.hpp"
#include "metrics/registry.hpp"
#include "store/opensearch/settings.hpp"
#include "store/store.hpp"

namespace brood::cli {

/// A client with the certificates that `[store]` trusts.
[[nodiscard]] std::shared_ptr<http::Client> MakeEngineClient(const store::opensearch::Settings& settings);

/// The store on OpenSearch, with the indices that were not there made. Waits `store.start_within` for an engine
/// that cannot be reached; `stop` ends calls that wait for one later. Throws std::runtime_error with a
/// sentence, StoppedAtStart when a stop is requested meanwhile.
[[nodiscard]] std::unique_ptr<store::Store> ReachEngine(const store::opensearch::Settings& settings,
                                                        Clock& clock, metrics::Registry& metrics,
                                                        std::stop_token stop);

}  // namespace brood::cli
