#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "http/client.hpp"

namespace brood::http::curl {

enum class TlsCheck { kVerify, kOff };
/// kOff: each request has a connection of its own and no idle one is kept. For servers that serve one
/// connection at a time, as Cuckoo's do.
enum class KeepAlive { kOn, kOff };

struct CurlSettings {
  TlsCheck verify = TlsCheck::kVerify;
  std::string ca_file;  ///< PEM; empty: the system's own trust
  KeepAlive keep_alive = KeepAlive::kOn;
  Millis keep_idle_for{30'000};  ///< an idle connection older than this is not used again
  std::size_t max_idle_handles = 16;
  std::string proxy;  ///< empty: none, whatever the environment says
  std::string user_agent = "brood";
};

/// http and https alone, no redirects, no "Expect: 100-continue", no signals. The program must ignore SIGPIPE
/// (OpenSSL writes without MSG_NOSIGNAL). Thread-safe. Destroyed after all calls have returned.
class CurlClient final : public Client {
 public:
  explicit CurlClient(CurlSettings settings = {});
  ~CurlClient() override;

 private:
  class Pool;
  Expected<Response, HttpError> DoSend(const Request& request, const Accept& accept,
                                       std::stop_token stop) override;

  std::unique_ptr<Pool> pool_;
};

}  // namespace brood::http::curl
