#include "api/api.hpp"

#include "api/access.hpp"
#include "api/resources.hpp"
#include "api/routes.hpp"

namespace brood::api {
namespace {

/// A little above the largest sample, so that it is the API that refuses, in its own words.
constexpr std::size_t kAboveSample = 64 * 1024;

http::ServerSettings ServerSettingsOf(const Settings& settings) {
  http::ServerSettings server;
  server.address = settings.listen_ip;
  server.port = settings.listen_port;
  server.threads = settings.threads;
  server.max_body = settings.max_sample + kAboveSample;
  return server;
}

}  // namespace

class Api::Impl {
 public:
  Impl(const Settings& settings, const Secret& token, Ports ports)
      : ports_(std::move(ports)),
        access_(settings, token),
        routes_(access_),
        server_(
            ServerSettingsOf(settings), [this](const http::ServerRequest& request) { return routes_(request); },
            [this](const http::ServerRequest& head) { return routes_.Admit(head); }) {
    AddHealth(routes_, ports_);
    AddOriginalBlacklist(routes_, ports_);
    AddOriginalCounts(routes_, ports_);
    AddOriginalWhitelist(routes_, ports_);
    AddMetricsPage(routes_, ports_);
    AddStatus(routes_, ports_);
    AddUpload(routes_, ports_, settings);
    AddSamples(routes_, ports_, settings);
    AddSubmissions(routes_, ports_);
    AddReports(routes_, ports_);
    AddBlacklist(routes_, ports_);
    AddWhitelist(routes_, ports_);
    AddFeeds(routes_, ports_);
    AddDeadLetters(routes_, ports_);
  }

  http::Server& Server() { return server_; }
  [[nodiscard]] const std::vector<Call>& Calls() const { return routes_.Calls(); }

 private:
  const Ports ports_;
  const Access access_;
  Routes routes_;
  http::Server server_;
};

Api::Api(const Settings& settings, const Secret& token, Ports ports)
    : impl_(std::make_unique<Impl>(settings, token, std::move(ports))) {}
Api::~Api() = default;
Expected<std::uint16_t, Error> Api::Start() { return impl_->Server().Start(); }
void Api::Stop() { impl_->Server().Stop(); }
const std::vector<Call>& Api::Calls() const { return impl_->Calls(); }

}  // namespace brood::api
