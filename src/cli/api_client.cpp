#include "cli/api_client.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/address_file.hpp"

namespace brood::cli {
namespace {

constexpr std::size_t kMaxUpload = std::size_t{1} << 30;

/// The API's sentence: {"error": "…"}, or the body's head.
std::string SentenceOf(const http::Response& response) {
  boost::system::error_code error;
  const auto value = boost::json::parse(response.body, error);
  if (!error && value.is_object()) {
    if (const auto* text = value.get_object().if_contains("error"); text != nullptr && text->is_string()) {
      return std::string(text->get_string());
    }
  }
  return Shorten(TrimAscii(response.body), 300);
}

}  // namespace

ApiClient::ApiClient(const Context& context) {
  const auto& settings = context.settings;
  url_ =
      ReadAddress(settings.general.state_dir).value_or(UrlOf(settings.api.listen_ip, settings.api.listen_port));
  if (const auto token = ReadFile(TokenFile(settings.general.state_dir), 1'000)) {
    token_ = Secret(std::string(TrimAscii(*token)));
  }
}

Expected<boost::json::value, Error> ApiClient::Get(const std::string& path) {
  http::Request request;
  request.method = http::Method::kGet;
  request.url = url_ + path;
  return Perform(std::move(request));
}

Expected<boost::json::value, Error> ApiClient::Send(http::Method method, const std::string& path,
                                                    const std::string& json_body) {
  http::Request request;
  request.method = method;
  request.url = url_ + path;
  request.body = json_body;
  if (!json_body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return Perform(std::move(request));
}

Expected<boost::json::value, Error> ApiClient::Upload(const std::string& path,
                                                      const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    return Unexpected(Permanent(fmt::format("{} is no regular file", file.string())));
  }
  auto bytes = ReadFile(file, kMaxUpload);
  // Permanent, whatever it was: transient means here that brood does not answer.
  if (!bytes) return Unexpected(Permanent(Describe(bytes.error())));
  http::Request request;
  request.method = http::Method::kPost;
  request.url = url_ + path;
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  request.body = std::move(*bytes);
  return Perform(std::move(request));
}

Expected<boost::json::value, Error> ApiClient::Perform(http::Request request) {
  if (!token_.Empty()) request.headers.emplace_back("Authorization", "Bearer " + token_.Reveal());
  const auto response = client_.Send(request);
  if (!response) {
    return Unexpected(Transient(fmt::format("brood does not answer at {}; is `brood run` running?", url_),
                                response.error().what));
  }
  if (!response->Ok()) {
    return Unexpected(Permanent(fmt::format("refused ({})", response->status), SentenceOf(*response)));
  }
  boost::system::error_code error;
  auto value = boost::json::parse(response->body.empty() ? "null" : response->body, error);
  if (error) return Unexpected(Permanent("the answer is not JSON", url_));
  return value;
}

int Complain(const Error& error) {
  fmt::print(stderr, "brood: {}\n", Describe(error));
  return error.kind == ErrorKind::kTransient ? kUnreachable : kFailed;
}

}  // namespace brood::cli
