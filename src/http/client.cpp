#include "http/client.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace brood::http {
namespace {

constexpr std::size_t kMaxErrorBody = 64 * 1024;

bool IsTokenCharacter(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != kOthers.npos;
}

/// Why the request must not go out, or "". A line break in a header would be a header of its own.
std::string Problem(const Request& request) {
  if (const auto url = ParseUrl(request.url); !url) return url.error();
  for (const auto& [name, value] : request.headers) {
    const bool ok = !name.empty() && std::ranges::all_of(name, IsTokenCharacter) &&
                    value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
    if (!ok) return "a request header is malformed";
  }
  for (const FormPart& part : request.form) {
    std::error_code error;
    if (!part.file.empty() && !std::filesystem::is_regular_file(part.file, error)) {
      return "the file to send cannot be read: " + part.file.string();
    }
  }
  return "";
}

}  // namespace

std::string_view Name(Errc code) {
  switch (code) {
    case Errc::kBadRequest:
      return "bad request";
    case Errc::kConnect:
      return "connect";
    case Errc::kTimeout:
      return "timeout";
    case Errc::kClosed:
      return "closed";
    case Errc::kTls:
      return "tls";
    case Errc::kTooLarge:
      return "too large";
    case Errc::kBadAnswer:
      return "bad answer";
    case Errc::kStopped:
      return "stopped";
  }
  return "connect";
}

Error ToError(const HttpError& error) {
  const bool permanent = error.code == Errc::kBadRequest || error.code == Errc::kTooLarge;
  return permanent ? Permanent(error.what) : Transient(error.what);
}

Expected<Response, HttpError> Client::Send(const Request& request, std::stop_token stop) {
  return Perform(request, nullptr, std::move(stop));
}

Expected<Response, HttpError> Client::Stream(const Request& request, const BodySink& sink,
                                             std::stop_token stop) {
  return Perform(request, &sink, std::move(stop));
}

Expected<Response, HttpError> Client::Perform(const Request& request, const BodySink* sink,
                                              std::stop_token stop) {
  ++requests_;
  if (std::string problem = Problem(request); !problem.empty()) {
    ++failures_;
    return Unexpected(HttpError{Errc::kBadRequest, std::move(problem), Reached::kNo});
  }
  std::string body;
  std::size_t received = 0;
  const Accept accept = [&](int status, std::string_view bytes) {
    received += bytes.size();
    if (received > request.max_body) return false;
    if (sink == nullptr) {
      body += bytes;
    } else if (status >= 200 && status < 300) {
      (*sink)(bytes);
    } else {
      body += bytes.substr(0, kMaxErrorBody - std::min(body.size(), kMaxErrorBody));
    }
    return true;
  };
  auto response = DoSend(request, accept, std::move(stop));
  bytes_received_ += received;
  if (!response) ++failures_;
  if (response) response->body = std::move(body);
  return response;
}

Client::Counts Client::Counted() const { return {requests_.load(), failures_.load(), bytes_received_.load()}; }

}  // namespace brood::http
