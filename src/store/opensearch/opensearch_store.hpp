#pragma once

#include <memory>
#include <stop_token>

#include "base/clock.hpp"
#include "metrics/registry.hpp"
#include "store/opensearch/settings.hpp"
#include "store/store.hpp"

namespace brood::http {
class Client;
}

namespace brood::store::opensearch {

/// The record ports on the six indices of an OpenSearch or Elasticsearch. A write is on the engine's disk when
/// it returns; records that several may write at once are written on the condition that none did meanwhile
/// (external versions, if_seq_no), so that any number of processes share them. A read by id is current, a list
/// or search lags by refresh_every. An engine that is away, or has no room for a request, is kUnavailable; one
/// whose disk is full kFull: the next call is a new try.
class OpenSearchStore final : public Store {
 public:
  /// Asks nothing of the engine. `stop` ends calls that wait for it.
  OpenSearchStore(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
                  metrics::Registry& metrics, std::stop_token stop = {});
  ~OpenSearchStore() override;

  /// Makes those of the indices that are not there; nothing else may be called before.
  [[nodiscard]] Result<void> MakeIndices();
  /// Whether the engine's last answer was that the login is wrong or may do too little.
  [[nodiscard]] bool ShutOut() const;

  [[nodiscard]] store::Submissions& Submissions() override;
  [[nodiscard]] store::Hashes& Hashes() override;
  [[nodiscard]] store::Reports& Reports() override;
  [[nodiscard]] store::Blacklist& Blacklist() override;
  [[nodiscard]] store::Lists& Lists() override;
  [[nodiscard]] store::DeadLetters& DeadLetters() override;
  [[nodiscard]] store::Effects& Effects() override;
  [[nodiscard]] store::Counts& Counts() override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace brood::store::opensearch
