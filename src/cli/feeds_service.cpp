#include "cli/feeds_service.hpp"

#include <algorithm>

namespace brood::cli {
namespace {

constexpr Millis kLookEvery{10'000};

/// Certificates are checked, whatever else is set: a list decides what is blacklisted.
http::curl::CurlSettings CurlFor(const feeds::Settings& settings) {
  http::curl::CurlSettings curl;
  curl.ca_file = settings.ca_file;
  curl.proxy = settings.proxy;
  curl.keep_alive = http::curl::KeepAlive::kOff;
  return curl;
}

}  // namespace

FeedsService::FeedsService(const feeds::Settings& settings, store::Store& store, metrics::Registry& metrics,
                           Clock& clock)
    : client_(CurlFor(settings)),
      updater_(settings, store.Lists(), client_, clock, metrics),
      schedule_(updater_, std::min({kLookEvery, Millis{settings.update_every}, Millis{settings.retry_after}})) {
}

void FeedsService::Start() {
  if (HasLists()) schedule_.Start();
}

}  // namespace brood::cli
