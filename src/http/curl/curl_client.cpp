#include "http/curl/curl_client.hpp"

#include <mutex>
#include <vector>

#include "http/curl/libcurl.hpp"
#include "http/curl/transfer.hpp"

namespace brood::http::curl {
namespace {

constexpr long kConnectionsPerHandle = 8;

}  // namespace

/// Idle handles. A handle is used by one call at a time; the last one put back is the first one taken, as its
/// connections are the youngest.
class CurlClient::Pool {
 public:
  explicit Pool(CurlSettings client_settings) : settings(std::move(client_settings)) {}

  std::unique_ptr<Handle> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    auto handle = std::make_unique<Handle>();
    Curl().multi_setopt(handle->multi.get(), CURLMOPT_MAXCONNECTS, kConnectionsPerHandle);
    return handle;
  }

  void PutBack(std::unique_ptr<Handle> handle) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < settings.max_idle_handles) idle_.push_back(std::move(handle));
  }

  const CurlSettings settings;

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;
};

CurlClient::CurlClient(CurlSettings settings) {
  static_cast<void>(Curl());  // what cannot be loaded is told at the start
  pool_ = std::make_unique<Pool>(std::move(settings));
}

CurlClient::~CurlClient() = default;

Expected<Response, HttpError> CurlClient::DoSend(const Request& request, const Accept& accept,
                                                 std::stop_token stop) {
  auto handle = pool_->Take();
  auto response = Transfer(*handle, pool_->settings, request, accept).Run(stop);
  pool_->PutBack(std::move(handle));  // after an exception of accept it is dropped instead
  return response;
}

}  // namespace brood::http::curl
