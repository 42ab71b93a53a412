#include "letters/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/url.hpp"

namespace brood::letters {
namespace {

namespace json = boost::json;

constexpr std::string_view kSecret = "[secret]";
constexpr std::size_t kLongestShown = 1'000;
constexpr std::size_t kShortestSecret = 3;  // a shorter one would tear every sentence to pieces
constexpr std::string_view kUrlEnds = " \t\r\n\"'<>`";

bool NamesASecret(std::string_view name) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"key", "token", "passw", "secret", "authorization", "credential", "_pw"});
  const std::string lower = LowerAscii(name);
  return std::ranges::any_of(kWords, [&](auto word) { return lower.find(word) != lower.npos; });
}

std::optional<json::value> ParsedJson(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error) return std::nullopt;
  return value;
}

std::string_view TextOf(const json::value& value) {
  return {value.get_string().data(), value.get_string().size()};
}

void Collect(const json::value& value, bool secret, std::vector<std::string>& found) {
  if (value.is_string() && secret && value.get_string().size() >= kShortestSecret) {
    found.emplace_back(TextOf(value));
  } else if (value.is_array()) {
    for (const auto& item : value.get_array()) Collect(item, secret, found);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      Collect(member.value(), secret || NamesASecret(std::string_view(member.key())), found);
    }
  }
}

void Replace(std::string& text, std::string_view what) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += kSecret.size()) {
    text.replace(at, what.size(), kSecret);
  }
}

/// Where the scheme of the URL around "://" at `mark` begins.
std::size_t SchemeStart(std::string_view text, std::size_t mark) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const auto before = text.substr(0, mark).find_last_not_of(kLetters);
  return before == text.npos ? 0 : before + 1;
}

std::string WithShownUrls(std::string_view text) {
  std::string shown;
  for (auto mark = text.find("://"); mark != text.npos; mark = text.find("://")) {
    const auto start = SchemeStart(text, mark);
    const auto end = std::min(text.find_first_of(kUrlEnds, mark), text.size());
    shown += text.substr(0, start);
    shown += http::ShownUrl(text.substr(start, end - start));
    text.remove_prefix(end);
  }
  return shown += text;
}

void Cover(json::value& value, bool secret, const std::vector<std::string>& secrets) {
  if (value.is_array()) {
    for (auto& item : value.get_array()) Cover(item, secret, secrets);
  } else if (value.is_object()) {
    for (auto& member : value.get_object()) {
      Cover(member.value(), secret || NamesASecret(std::string_view(member.key())), secrets);
    }
  } else if (secret) {
    const bool nothing = value.is_null() || (value.is_string() && value.get_string().empty());
    if (!nothing) value = json::string_view(kSecret);
  } else if (value.is_string() && value.get_string().size() > kLongestShown) {
    value = json::value(fmt::format("[{} bytes]", value.get_string().size()));
  } else if (value.is_string()) {
    value = json::value(WithoutSecrets(TextOf(value), secrets));
  }
}

}  // namespace

std::vector<std::string> SecretsIn(std::string_view json_text) {
  std::vector<std::string> found;
  if (const auto value = ParsedJson(json_text)) Collect(*value, false, found);
  std::ranges::sort(found, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return found;
}

std::string WithoutSecrets(std::string_view text, const std::vector<std::string>& secrets) {
  std::string shown = WithShownUrls(MakeUtf8(text));
  for (const std::string& secret : secrets) {
    Replace(shown, secret);
    Replace(shown, http::PercentEncode(secret));
  }
  return shown;
}

std::string ShownMessage(std::string_view body) {
  auto value = ParsedJson(body);
  if (!value) return json::serialize(json::value(fmt::format("[{} bytes that are no JSON]", body.size())));
  std::vector<std::string> secrets;
  Collect(*value, false, secrets);
  Cover(*value, false, secrets);
  return json::serialize(*value);
}

}  // namespace brood::letters
