#include "api/access.hpp"

#include <stdexcept>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::api {
namespace {

rules::IpSet NetsFrom(const std::vector<std::string>& texts) {
  std::vector<rules::IpInterval> nets;
  for (const std::string& text : texts) {
    const auto net = rules::ParseSubnet(text);
    if (!net) throw std::invalid_argument("api.trusted_nets: '" + text + "': " + net.error());
    nets.push_back(*net);
  }
  return rules::IpSet(nets);
}

/// In a time that depends on the length alone.
bool SameText(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) different |= static_cast<unsigned char>(a[i] ^ b[i]);
  return different == 0;
}

/// A form or script of a page brings Origin; a link or picture in it Sec-Fetch-Site, in older browsers Referer.
/// Typed by a person: "none".
bool IsSentByAPage(const http::ServerRequest& request) {
  const auto& headers = request.headers;
  return http::Find(headers, "Origin") || http::Find(headers, "Referer") ||
         http::Find(headers, "Sec-Fetch-Site").value_or("none") != "none";
}

}  // namespace

Access::Access(const Settings& settings, const Secret& token)
    : anonymous_read_(settings.anonymous_read),
      trusted_(NetsFrom(settings.trusted_nets)),
      token_hash_(token.Empty() ? "" : Sha256Hex(token.Reveal())) {}

std::optional<Refusal> Access::Check(const http::ServerRequest& request, Right right) const {
  if (right == Right::kRead && anonymous_read_) return std::nullopt;
  if (BringsToken(request) || ComesFromTrustedNet(request)) return std::nullopt;
  const bool brought_one = http::Find(request.headers, "Authorization").has_value();
  return Refusal{401,
                 brought_one
                     ? "The token is not the right one."
                     : "This needs the header Authorization: Bearer TOKEN; the token lies in brood's state "
                       "folder.",
                 {{"WWW-Authenticate", "Bearer realm=\"brood\""}}};
}

bool Access::BringsToken(const http::ServerRequest& request) const {
  constexpr std::string_view kScheme = "bearer ";
  const auto header = http::Find(request.headers, "Authorization");
  if (token_hash_.empty() || !header || !EqualsIgnoringCase(header->substr(0, kScheme.size()), kScheme))
    return false;
  return SameText(Sha256Hex(TrimAscii(header->substr(kScheme.size()))), token_hash_);
}

bool Access::ComesFromTrustedNet(const http::ServerRequest& request) const {
  return trusted_.Contains(std::string_view(request.remote)) && !IsSentByAPage(request);
}

}  // namespace brood::api
