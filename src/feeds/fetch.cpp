#include "feeds/fetch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace brood::feeds {
namespace {

constexpr int kMostRedirects = 5;
constexpr std::size_t kMaxValidator = 512;
constexpr Millis kConnect{10'000}, kStall{30'000};

/// A header's value that may be sent back later; empty if it is none.
std::string Validator(const http::HeaderList& headers, std::string_view name) {
  const std::string_view value = http::Find(headers, name).value_or("");
  const bool plain = std::ranges::all_of(value, [](char c) { return c >= ' ' && c < '\x7f'; });
  return plain && value.size() <= kMaxValidator ? std::string(value) : std::string();
}

http::Request RequestFor(const std::string& url, const Validators& known, const FetchLimits& limits) {
  http::Request request;
  request.url = url;
  request.headers.emplace_back("Accept", "text/plain, */*;q=0.5");
  if (!known.etag.empty()) request.headers.emplace_back("If-None-Match", known.etag);
  if (!known.last_modified.empty()) request.headers.emplace_back("If-Modified-Since", known.last_modified);
  request.deadlines = {std::min(kConnect, limits.timeout), limits.timeout, std::min(kStall, limits.timeout)};
  request.max_body = limits.max_size;
  return request;
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool IsHtml(const http::HeaderList& headers) {
  return LowerAscii(http::Find(headers, "Content-Type").value_or("")).starts_with("text/html");
}

Expected<std::variant<Unchanged, Fetched>, std::string> Taken(const std::string& url, http::Response response) {
  if (response.status == 304) return Unchanged{};
  if (response.status != 200)
    return Unexpected(fmt::format("{} answered {}", http::ShownUrl(url), response.status));
  if (IsHtml(response.headers))
    return Unexpected(fmt::format("{} answered with a page and no list", http::ShownUrl(url)));
  Validators validators{Validator(response.headers, "ETag"), Validator(response.headers, "Last-Modified")};
  return Fetched{std::move(response.body), std::move(validators)};
}

}  // namespace

Expected<std::variant<Unchanged, Fetched>, std::string> Fetch(http::Client& client, const std::string& url,
                                                              const Validators& known,
                                                              const FetchLimits& limits,
                                                              const std::stop_token& stop) {
  std::string at = url;
  for (int hops = 0; hops <= kMostRedirects; ++hops) {
    auto response = client.Send(RequestFor(at, known, limits), stop);
    if (!response) return Unexpected(std::move(response.error().what));
    if (!IsRedirect(response->status)) return Taken(at, std::move(*response));
    const auto here = http::ParseUrl(at);
    if (!here) return Unexpected(here.error());
    auto next = FollowedTo(*here, http::Find(response->headers, "Location").value_or(""));
    if (!next) return Unexpected(fmt::format("{} {}", http::ShownUrl(at), next.error()));
    at = std::move(*next);
  }
  return Unexpected(fmt::format("{} redirects more than {} times", http::ShownUrl(url), kMostRedirects));
}

Expected<std::string, std::string> FollowedTo(const http::Url& url, std::string_view location) {
  if (location.empty()) return Unexpected(std::string("redirects to nowhere"));
  const std::string origin = fmt::format("{}://{}:{}", url.scheme, url.host, url.port);
  if (location.starts_with('/') && !location.starts_with("//")) return origin + std::string(location);
  const auto target = http::ParseUrl(location);
  if (!target) return Unexpected(std::string("redirects to what is no whole http or https URL"));
  if (target->scheme == url.scheme && target->host == url.host && target->port == url.port)
    return std::string(location);
  return Unexpected(
      fmt::format("redirects to {}, which is not followed to another scheme or host: write that URL into the "
                  "settings if you trust it",
                  http::ShownUrl(location)));
}

}  // namespace brood::feeds
