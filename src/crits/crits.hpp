#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "crits/batches.hpp"
#include "model/crits.hpp"

namespace brood::crits {

enum class Errc {
  kNotAllowed,    ///< the message's URL is not on the allow list: nothing was sent
  kUnreachable,   ///< no connection: nothing was done
  kAnswerLost,    ///< it may have been done
  kServerError,   ///< 5xx, or a page where JSON is due: CRITs does nothing by halves, so nothing was done
  kUnauthorized,  ///< 401: user or key are wrong, or the user may not use the API
  kRefused,       ///< CRITs answered, and says no (return_code 1, 404, 415)
  kBadAnswer,     ///< an answer of another shape: this is no CRITs
  kStopped,
};

struct CritsError {
  Errc code = Errc::kUnreachable;
  std::string what;  ///< one sentence with the URL and the call, without a key
  bool operator==(const CritsError&) const = default;
};

template <class T>
using Result = Expected<T, CritsError>;

/// kNotAllowed and kRefused are permanent. A wrong key is transient: a person puts it right.
[[nodiscard]] Error ToError(const CritsError& error);
[[nodiscard]] std::string_view Name(Errc code);

enum class Level { kInfo, kWarning, kError };
[[nodiscard]] std::string_view Name(Level level);

/// How an analysis ends in CRITs.
enum class End { kCompleted, kError };

/// Goes in one request, which CRITs works off in this order. What is empty is left out.
struct Update {
  Batch results;
  std::string log;
  Level level = Level::kInfo;
  std::optional<End> end;
};

struct NewSample {
  std::string file_name;  ///< for people; control characters and backslashes are the client's affair
  std::string_view content;
};

/// Whose analysis: `crits_url` (empty: the configured one), ids, credentials, the source for new samples.
using Analysis = model::CritsData;

/// CRITs, as far as results of an analysis go there. Each call blocks until answered, given up or stopped.
/// Thread-safe.
class Crits {
 public:
  virtual ~Crits() = default;

  /// Adds results and log lines to the analysis and ends it. Results cannot be read back: sent twice they stand
  /// there twice. So it is never repeated by itself once it may have arrived.
  [[nodiscard]] virtual Result<void> Send(const Analysis& analysis, const Update& update,
                                          std::stop_token stop) = 0;

  /// Adds a sample, or finds the one of the same content: harmless twice. Its id; "" where CRITs gives none (a
  /// packet capture).
  [[nodiscard]] virtual Result<std::string> AddSample(const Analysis& analysis, const NewSample& sample,
                                                      std::stop_token stop) = 0;

  /// Relates the analysed object to a sample ("Related To"). One that exists, or would be to itself, is fine.
  [[nodiscard]] virtual Result<void> Relate(const Analysis& analysis, const std::string& sample_id,
                                            std::stop_token stop) = 0;
};

}  // namespace brood::crits
