#include "crits/rest/answers_json.hpp"

#include <fmt/format.h>

#include <optional>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "crits/redact.hpp"

namespace brood::crits::rest {
namespace {

namespace json = boost::json;

constexpr std::size_t kShownBytes = 300;

/// What CRITs says, fit for a log line: one line, no markup, no key.
std::string Shown(std::string_view message, const Secret& key) {
  std::string shown;
  bool in_tag = false;
  for (const char c : MakeUtf8(message)) {
    if (c == '<') in_tag = true;
    if (!in_tag) shown += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    if (c == '>') in_tag = false;
  }
  shown = WithoutKey(std::move(shown), key);
  return Shorten(TrimAscii(shown), kShownBytes);
}

CritsError Make(const CallName& name, Errc code, std::string_view what) {
  return {code, fmt::format("CRITs {}: {}: {}", name.url, name.call, Shown(what, name.key))};
}

std::string TextOf(const json::object& answer, std::string_view key) {
  const json::value* value = answer.if_contains(key);
  if (value == nullptr || !value->is_string()) return "";
  return std::string(value->as_string());
}

std::optional<json::object> ObjectOf(std::string_view body) {
  json::error_code error;
  json::value value = json::parse(body, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

Result<std::string> ReadBody(const CallName& name, std::string_view body) {
  const auto answer = ObjectOf(body);
  if (!answer) return Unexpected(Make(name, Errc::kBadAnswer, "what came is no answer of CRITs' API"));
  const json::value* code = answer->if_contains("return_code");
  if (code == nullptr || !code->is_int64()) {
    return Unexpected(Make(name, Errc::kBadAnswer, "an answer without return_code"));
  }
  if (code->as_int64() == 0) return TextOf(*answer, "id");
  std::string message = TextOf(*answer, "message");
  if (message.starts_with(", ")) message.erase(0, 2);
  return Unexpected(Make(name, Errc::kRefused, message.empty() ? "CRITs refuses without a word" : message));
}

/// CRITs' own sentence about an error, if there is one.
std::string Told(std::string_view body) {
  const auto answer = ObjectOf(body);
  const std::string message = answer ? TextOf(*answer, "error_message") : "";
  return message.empty() ? "" : ", " + message;
}

}  // namespace

Result<std::string> ReadAnswer(const CallName& name, const http::Response& response) {
  if (response.Ok()) return ReadBody(name, response.body);
  const int status = response.status;
  const auto fail = [&](Errc code, std::string_view more) {
    return Unexpected(Make(name, code, fmt::format("HTTP {}{}{}", status, Told(response.body), more)));
  };
  if (status == 401)
    return fail(Errc::kUnauthorized, " (are user and API key right, and may the user use the API?)");
  if (status == 404) return fail(Errc::kRefused, " (CRITs does not know the object)");
  if (status == 413)
    return fail(Errc::kRefused, " (the request is too large for the server: see crits.max_body)");
  if (status == 502 || status == 504)
    return fail(Errc::kAnswerLost, " (a server between here and CRITs gave up)");
  if (status == 408 || status == 425 || status == 429 || status >= 500) return fail(Errc::kServerError, "");
  return fail(Errc::kBadAnswer, " (is this the URL of a CRITs?)");
}

CritsError FromTransport(const CallName& name, const http::HttpError& error) {
  const auto code = [&] {
    if (error.code == http::Errc::kStopped) return Errc::kStopped;
    if (error.code == http::Errc::kBadRequest) return Errc::kRefused;
    if (error.code == http::Errc::kTooLarge) return Errc::kBadAnswer;
    return error.reached == http::Reached::kNo ? Errc::kUnreachable : Errc::kAnswerLost;
  };
  return Make(name, code(), error.what);
}

}  // namespace brood::crits::rest
