#include "http/url.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace brood::http {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsHost(std::string_view host) {
  if (host.starts_with('[')) {
    return host.size() > 2 && host.ends_with(']') &&
           host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == host.npos;
  }
  return !host.empty() && std::ranges::all_of(host, IsUnreserved);
}

/// Splits "user@host:port"; false if host or port are none.
bool ReadAuthority(std::string_view authority, Url& url) {
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    url.user_info = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  url.host = LowerAscii(authority.substr(0, colon));
  url.port = url.scheme == "https" ? 443 : 80;
  if (colon != authority.npos) {
    const auto port = ParseInt(authority.substr(colon + 1));
    if (!port || *port < 1 || *port > 65'535) return false;
    url.port = static_cast<std::uint16_t>(*port);
  }
  return IsHost(url.host);
}

std::optional<std::string> DecodeField(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return PercentDecode(spaced);
}

}  // namespace

Expected<Url, std::string> ParseUrl(std::string_view text) {
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; })) {
    return Unexpected(std::string("the URL holds a blank or a control character"));
  }
  const auto end_of_scheme = text.find("://");
  Url url;
  if (end_of_scheme != text.npos) url.scheme = LowerAscii(text.substr(0, end_of_scheme));
  if (url.scheme != "http" && url.scheme != "https") {
    return Unexpected(std::string("the URL does not begin with http:// or https://"));
  }
  std::string_view rest = text.substr(end_of_scheme + 3);
  rest = rest.substr(0, rest.find('#'));
  const auto end_of_authority = std::min(rest.find_first_of("/?"), rest.size());
  if (!ReadAuthority(rest.substr(0, end_of_authority), url)) {
    return Unexpected(std::string("the URL's host or port is malformed"));
  }
  rest.remove_prefix(end_of_authority);
  const auto mark = rest.find('?');
  url.path = rest.substr(0, mark);
  if (url.path.empty()) url.path = "/";
  if (mark != rest.npos) url.query = rest.substr(mark + 1);
  return url;
}

std::string ShownUrl(std::string_view text) {
  const auto url = ParseUrl(text);
  if (!url) return "(malformed URL)";
  const bool own_port = url->port == (url->scheme == "https" ? 443 : 80);
  return url->scheme + "://" + url->host + (own_port ? "" : ":" + std::to_string(url->port)) + url->path +
         (url->query.empty() ? "" : "?…");
}

std::string PercentEncode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHexDigits[byte >> 4U], kHexDigits[byte & 15U]};
    }
  }
  return out;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out(text.substr(0, text.find('%')));
  out.reserve(text.size());
  for (std::size_t i = out.size(); i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = HexValue(text[i + 1]);
    const int low = HexValue(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string JoinUrl(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  if (path.starts_with('/')) path.remove_prefix(1);
  return std::string(base) + "/" + std::string(path);
}

std::string EncodeFields(const FieldList& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += PercentEncode(name) + "=" + PercentEncode(value);
  }
  return out;
}

std::optional<FieldList> ParseFields(std::string_view text, std::size_t max_fields) {
  FieldList fields;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (field.empty()) continue;
    const auto equals = std::min(field.find('='), field.size());
    auto name = DecodeField(field.substr(0, equals));
    auto value = DecodeField(field.substr(std::min(equals + 1, field.size())));
    if (!name || !value || fields.size() == max_fields) return std::nullopt;
    fields.emplace_back(std::move(*name), std::move(*value));
  }
  return fields;
}

}  // namespace brood::http
