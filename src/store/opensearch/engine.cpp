#include "store/opensearch/engine.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "http/retry.hpp"
#include "http/url.hpp"
#include "store/opensearch/refusal_json.hpp"

namespace brood::store::opensearch {
namespace {

/// Of an answer: a page of the largest documents.
constexpr std::size_t kMaxAnswer = std::size_t{1} << 30;

metrics::Counter& CounterOf(metrics::Registry& metrics, const char* name, const char* about) {
  return metrics.GetCounter(fmt::format("brood_store_{}_total", name), about);
}

StoreError FromTransport(const http::HttpError& error, std::string_view host, std::string_view doing) {
  const Errc code = error.code == http::Errc::kBadRequest || error.code == http::Errc::kTooLarge
                        ? Errc::kInvalid
                        : Errc::kUnavailable;
  return {code, fmt::format("the search engine at {}, asked to {}: {}", host, doing, error.what)};
}

bool MayAskNext(const Call& call, http::Retry retry) {
  if (retry == http::Retry::kNever) return false;
  return retry == http::Retry::kLater || call.repeat == Repeat::kHarmless;
}

}  // namespace

Engine::Engine(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
               metrics::Registry& metrics, std::stop_token stop)
    : settings_(settings),
      client_(std::move(client)),
      clock_(clock),
      stop_(std::move(stop)),
      hosts_(settings.hosts, settings.host_away),
      requests_(CounterOf(metrics, "requests", "Requests to the search engine.")),
      failures_(CounterOf(metrics, "failures", "Requests that the search engine did not answer or refused.")),
      rejections_(CounterOf(metrics, "rejections", "Times the search engine had no room for a request.")),
      conflicts_(CounterOf(metrics, "conflicts", "Records that another writer changed first; done again.")) {}

http::Request Engine::RequestFor(const Call& call, std::size_t host) const {
  http::Request request;
  request.method = call.method;
  request.url = http::JoinUrl(hosts_.Url(host), call.path);
  request.body = call.body;
  request.max_body = kMaxAnswer;
  request.deadlines = {Millis{5'000}, settings_.timeout, settings_.timeout};
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!settings_.api_key.Empty()) {
    request.headers.emplace_back("Authorization", "ApiKey " + settings_.api_key.Reveal());
  } else if (!settings_.user.empty()) {
    request.headers.emplace_back("Authorization",
                                 "Basic " + EncodeBase64(settings_.user + ":" + settings_.password.Reveal()));
  }
  return request;
}

Result<Answer> Engine::AskHosts(const Call& call) {
  StoreError error;
  for (const std::size_t host : hosts_.InOrder(clock_.Now())) {
    const std::string shown = http::ShownUrl(hosts_.Url(host));
    requests_.Add();
    auto response = client_->Send(RequestFor(call, host), stop_);
    if (response && (response->Ok() || response->status < 500)) {
      hosts_.Answered(host);
      return Answer{shown, std::move(response->body), response->status};
    }
    failures_.Add();
    hosts_.Failed(host, clock_.Now());
    error = response ? ToStoreError(ReadRefusal(response->status, response->body), shown, call.doing)
                     : FromTransport(response.error(), shown, call.doing);
    const http::Retry retry = response ? http::ShouldRetry(response->status)
                                       : http::ShouldRetry(response.error().code, response.error().reached);
    if (stop_.stop_requested() || !MayAskNext(call, retry)) break;
  }
  return Unexpected(std::move(error));
}

Result<Answer> Engine::Ask(const Call& call) {
  for (int tries = 1;; ++tries) {
    auto answer = AskHosts(call);
    if (!answer) return answer;
    shut_out_ = answer->status == 401 || answer->status == 403;
    if (answer->status < 300 || answer->status == 404) return answer;
    const Refusal refusal = ReadRefusal(answer->status, answer->body);
    if (!IsRejected(refusal) || !WaitForRoom(tries)) {
      failures_.Add();
      return Unexpected(ToStoreError(refusal, answer->host, call.doing));
    }
  }
}

Result<Answer> Engine::Demand(const Call& call) {
  auto answer = Ask(call);
  if (answer && answer->status == 404) {
    return Unexpected(ToStoreError(ReadRefusal(404, answer->body), answer->host, call.doing));
  }
  return answer;
}

bool Engine::WaitForRoom(int tries) {
  rejections_.Add();
  if (tries >= settings_.tries_when_rejected || stop_.stop_requested()) return false;
  clock_.WaitFor(settings_.rejected.After(tries), stop_);
  return !stop_.stop_requested();
}

}  // namespace brood::store::opensearch
