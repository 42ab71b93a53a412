#include "http/target.hpp"

#include "http/url.hpp"

namespace brood::http {
namespace {

/// "http://host/a?b" → "/a?b": proxies' form, which every server must take.
std::string_view OriginForm(std::string_view target) {
  if (target.starts_with('/')) return target;
  const auto scheme = target.find("://");
  if (scheme == target.npos) return {};
  const auto slash = target.find('/', scheme + 3);
  return slash == target.npos ? std::string_view("/") : target.substr(slash);
}

}  // namespace

std::string_view RawPath(std::string_view target) {
  const std::string_view origin = OriginForm(target);
  return origin.substr(0, origin.find('?'));
}

Expected<void, std::string> ReadTarget(ServerRequest& request) {
  const std::string_view origin = OriginForm(request.target);
  if (origin.empty()) return Unexpected(std::string("The request's target is no path.\n"));
  auto path = PercentDecode(RawPath(request.target));
  if (!path) return Unexpected(std::string("The path has a broken percent escape.\n"));
  if (path->find('\0') != path->npos) return Unexpected(std::string("The path holds a NUL.\n"));
  request.path = std::move(*path);
  if (const auto mark = origin.find('?'); mark != origin.npos) {
    auto query = ParseFields(origin.substr(mark + 1));
    if (!query) return Unexpected(std::string("The query has a broken percent escape or too many fields.\n"));
    request.query = std::move(*query);
  }
  return {};
}

}  // namespace brood::http
