#include "cli/reach_engine.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/log.hpp"
#include "cli/signals.hpp"
#include "http/curl/curl_client.hpp"
#include "store/opensearch/opensearch_store.hpp"

namespace brood::cli {
namespace {

using store::opensearch::OpenSearchStore;

void AwaitIndices(OpenSearchStore& store, std::chrono::seconds within) {
  const auto until = std::chrono::steady_clock::now() + within;
  for (bool told = false;; told = true) {
    const auto made = store.MakeIndices();
    if (made) return;
    const bool may_come = made.error().code == store::Errc::kUnavailable && !store.ShutOut();
    if (!may_come || std::chrono::steady_clock::now() >= until) {
      throw std::runtime_error("the store cannot be used: " + made.error().what);
    }
    if (!told) log::Warning("the search engine is away, tried again and again", {{"why", made.error().what}});
    if (StopRequested()) throw StoppedAtStart{};
    std::this_thread::sleep_for(Millis{200});
  }
}

}  // namespace

std::shared_ptr<http::Client> MakeEngineClient(const store::opensearch::Settings& settings) {
  http::curl::CurlSettings curl;
  curl.verify = settings.verify_ssl ? http::curl::TlsCheck::kVerify : http::curl::TlsCheck::kOff;
  curl.ca_file = settings.ca_file.string();
  return std::make_shared<http::curl::CurlClient>(std::move(curl));
}

std::unique_ptr<store::Store> ReachEngine(const store::opensearch::Settings& settings, Clock& clock,
                                          metrics::Registry& metrics, std::stop_token stop) {
  auto engine =
      std::make_unique<OpenSearchStore>(settings, MakeEngineClient(settings), clock, metrics, std::move(stop));
  AwaitIndices(*engine, settings.start_within);
  return engine;
}

}  // namespace brood::cli
