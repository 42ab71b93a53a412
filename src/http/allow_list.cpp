#include "http/allow_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "http/url.hpp"

namespace brood::http {
namespace {

std::string Origin(const Url& url) { return fmt::format("{}://{}:{}", url.scheme, url.host, url.port); }

std::string WithoutSlash(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

/// "/a/../b" reads as below "/a" and is not.
bool HasDots(std::string_view path) {
  return path.find("/.") != path.npos || path.find('%') != path.npos || path.find('\\') != path.npos;
}

}  // namespace

AllowList::AllowList(const std::vector<std::string>& urls) {
  for (const std::string& text : urls) {
    const auto url = ParseUrl(text);
    if (!url) throw std::invalid_argument(fmt::format("'{}': {}", ShownUrl(text), url.error()));
    entries_.push_back({Origin(*url), WithoutSlash(url->path)});
  }
}

std::string AllowList::Complaint(const std::vector<std::string>& urls) {
  try {
    (void)AllowList(urls);
    return "";
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
}

bool AllowList::Allows(std::string_view text) const {
  const auto url = ParseUrl(text);
  if (!url || !url->user_info.empty() || !url->query.empty()) return false;
  if (entries_.empty()) return true;
  if (HasDots(url->path)) return false;
  const std::string origin = Origin(*url), path = WithoutSlash(url->path);
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    return entry.origin == origin && (path == entry.path || path.starts_with(entry.path + "/"));
  });
}

}  // namespace brood::http
