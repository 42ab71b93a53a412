#include "crits/rest/rest_crits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"
#include "crits/form.hpp"
#include "http/url.hpp"

namespace brood::crits::rest {
namespace {

constexpr std::size_t kMaxAnswer = std::size_t{1} << 20;
constexpr std::size_t kAroundAPart = 200;  // boundary and head of one part of a form

/// With a list, the configured CRITs is on it.
http::AllowList AllowedBy(const Settings& settings) {
  std::vector<std::string> urls = settings.allow;
  if (!urls.empty() && !settings.url.empty()) urls.push_back(settings.url);
  return http::AllowList(urls);
}

std::size_t SizeOf(const std::vector<http::FormPart>& form) {
  std::size_t size = 0;
  for (const auto& part : form)
    size += kAroundAPart + part.name.size() + part.file_name.size() + part.value.size();
  return size;
}

/// "Sample" → "samples".
std::string ResourceOf(const Analysis& analysis) {
  return http::PercentEncode(LowerAscii(analysis.object_type.empty() ? "Sample" : analysis.object_type)) + "s";
}

bool IsFine(std::string_view refusal) {
  return refusal.find("Relationship already exists") != refusal.npos ||
         refusal.find("Cannot forge relationship to oneself") != refusal.npos;
}

}  // namespace

RestCrits::RestCrits(const Settings& settings, std::shared_ptr<http::Client> client, Clock& clock,
                     metrics::Registry& metrics)
    : settings_(settings),
      allowed_(AllowedBy(settings)),
      client_(std::move(client)),
      clock_(clock),
      metrics_(metrics),
      seconds_(metrics.GetHistogram("brood_crits_request_seconds", "Time until CRITs answered a request.")),
      backoff_{settings.first_delay, std::max(settings.first_delay * 8, Millis{1}), 2.0},
      gate_(std::max(1, settings.parallel)) {
  if (!settings_.url.empty()) WarnOnce();
}

void RestCrits::WarnOnce() const {
  if (!allowed_.Empty()) return;
  std::call_once(warned_, [] {
    log::Warning("keys that come in messages go to whatever CRITs the message names: crits.allow is empty");
  });
}

Result<std::string> RestCrits::BaseOf(const Analysis& analysis) const {
  const std::string& url = analysis.crits_url.empty() ? settings_.url : analysis.crits_url;
  if (url.empty()) {
    return Unexpected(CritsError{Errc::kNotAllowed, "the message names no CRITs, and crits.url is not set"});
  }
  WarnOnce();
  if (allowed_.Allows(url)) return url;
  return Unexpected(
      CritsError{Errc::kNotAllowed,
                 fmt::format("nothing is sent to {}, which the message names: it is {}", http::ShownUrl(url),
                             allowed_.Empty() ? "no URL of http or https, or holds a password or a query"
                                              : "not in crits.allow")});
}

http::Request RestCrits::To(const std::string& base, const std::string& path) const {
  http::Request request;
  request.url = http::JoinUrl(base, path);
  request.deadlines = {settings_.connect, settings_.request, settings_.request};
  request.max_body = kMaxAnswer;
  return request;
}

Result<std::string> RestCrits::Once(const CallName& name, const http::Request& request,
                                    const std::stop_token& stop) {
  const Gate::Pass pass(gate_, stop);
  if (!pass) return Unexpected(FromTransport(name, {http::Errc::kStopped, "stopped", http::Reached::kNo}));
  const auto begin = std::chrono::steady_clock::now();
  const auto response = client_->Send(request, stop);
  const auto took = std::chrono::steady_clock::now() - begin;
  seconds_.Observe(std::chrono::duration<double>(took).count());
  log::Debug(
      "CRITs call",
      {{"crits", name.url}, {"call", name.call}, {"ms", std::chrono::duration_cast<Millis>(took).count()}});
  auto answer = response ? ReadAnswer(name, *response) : Unexpected(FromTransport(name, response.error()));
  metrics_
      .GetCounter("brood_crits_requests_total", "Requests to CRITs.",
                  {{"outcome", answer ? "done" : std::string(crits::Name(answer.error().code))}})
      .Add();
  return answer;
}

Result<std::string> RestCrits::Exchange(const CallName& name, const http::Request& request, Twice twice,
                                        const std::stop_token& stop) {
  for (int attempt = 1;; ++attempt) {
    auto answer = Once(name, request, stop);
    if (answer || attempt >= settings_.tries || stop.stop_requested()) return answer;
    const Errc code = answer.error().code;
    const bool not_done = code == Errc::kUnreachable || code == Errc::kServerError;
    if (!not_done && !(code == Errc::kAnswerLost && twice == Twice::kHarmless)) return answer;
    clock_.WaitFor(backoff_.After(attempt), stop);
  }
}

Result<void> RestCrits::Send(const Analysis& analysis, const Update& update, std::stop_token stop) {
  const auto base = BaseOf(analysis);
  if (!base) return Unexpected(base.error());
  const CallName name{http::ShownUrl(*base), update.results.Empty() ? "end the analysis" : "add results",
                      analysis.api_key};
  http::Request request = To(*base, "/api/v1/services/");
  request.method = http::Method::kPost;
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = http::EncodeFields(ServiceFields(analysis, update));
  if (settings_.max_body != 0 && request.body.size() > settings_.max_body) {
    return Unexpected(CritsError{Errc::kRefused, fmt::format("CRITs {}: {} bytes are over crits.max_body",
                                                             name.url, request.body.size())});
  }
  return Exchange(name, request, update.results.Empty() ? Twice::kHarmless : Twice::kNot, stop)
      .map([](const std::string&) {});
}

Result<std::string> RestCrits::AddSample(const Analysis& analysis, const NewSample& sample,
                                         std::stop_token stop) {
  const auto base = BaseOf(analysis);
  if (!base) return Unexpected(base.error());
  const CallName name{http::ShownUrl(*base), "add a sample", analysis.api_key};
  http::Request request = To(*base, "/api/v1/samples/");
  request.method = http::Method::kPost;
  for (auto& [field, value] : SampleFields(analysis)) request.form.push_back({field, std::move(value), {}, {}});
  request.form.push_back({"filedata", std::string(sample.content), {}, FormFileName(sample.file_name)});
  if (settings_.max_body != 0 && SizeOf(request.form) > settings_.max_body) {
    return Unexpected(CritsError{
        Errc::kRefused,
        fmt::format("CRITs {}: a sample of {} bytes is over crits.max_body", name.url, sample.content.size())});
  }
  return Exchange(name, request, Twice::kHarmless, stop);
}

Result<void> RestCrits::Relate(const Analysis& analysis, const std::string& sample_id, std::stop_token stop) {
  const auto base = BaseOf(analysis);
  if (!base) return Unexpected(base.error());
  const CallName name{http::ShownUrl(*base), "relate a sample", analysis.api_key};
  http::Request request =
      To(*base, fmt::format("/api/v1/{}/{}/", ResourceOf(analysis), http::PercentEncode(analysis.object_id)));
  request.method = http::Method::kPatch;
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.headers.emplace_back("Authorization",
                               fmt::format("ApiKey {}:{}", analysis.username, analysis.api_key.Reveal()));
  request.body = http::EncodeFields(RelationFields(sample_id));
  const auto answer = Exchange(name, request, Twice::kHarmless, stop);
  if (!answer && answer.error().code == Errc::kRefused && IsFine(answer.error().what)) return {};
  return answer ? Result<void>() : Unexpected(answer.error());
}

}  // namespace brood::crits::rest
