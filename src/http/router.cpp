#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "http/target.hpp"
#include "http/url.hpp"

namespace brood::http {
namespace {

enum class Kind { kText, kName, kRest };  // in the order of precedence

Kind KindOf(std::string_view segment) {
  if (!segment.starts_with('{')) return Kind::kText;
  return segment.ends_with("*}") ? Kind::kRest : Kind::kName;
}

std::string NameIn(std::string_view segment) {
  const std::size_t around = KindOf(segment) == Kind::kRest ? 3 : 2;
  return std::string(segment.substr(1, segment.size() - around));
}

bool IsPatternSegment(std::string_view segment, bool last) {
  if (KindOf(segment) == Kind::kText) return segment.find_first_of("{}") == segment.npos;
  return segment.ends_with('}') && !NameIn(segment).empty() && (last || KindOf(segment) == Kind::kName);
}

/// "/a/b/" and "/a/b" → a, b; "/" → none.
std::vector<std::string_view> Segments(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return {};
  return Split(path, '/');
}

/// The path's segments, split before they are decoded, so that an encoded slash stays inside its segment.
std::optional<std::vector<std::string>> DecodedSegments(std::string_view target) {
  std::vector<std::string> segments;
  for (const std::string_view raw : Segments(RawPath(target))) {
    auto decoded = PercentDecode(raw);
    if (!decoded) return std::nullopt;
    segments.push_back(std::move(*decoded));
  }
  return segments;
}

std::optional<FieldList> Match(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  FieldList values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (KindOf(pattern[i]) == Kind::kRest) {
      std::string rest;
      for (std::size_t j = i; j < path.size(); ++j) rest += (j > i ? "/" : "") + path[j];
      values.emplace_back(NameIn(pattern[i]), std::move(rest));
      return values;
    }
    if (i == path.size()) return std::nullopt;
    if (KindOf(pattern[i]) == Kind::kText) {
      if (pattern[i] != path[i]) return std::nullopt;
    } else {
      if (path[i].empty()) return std::nullopt;
      values.emplace_back(NameIn(pattern[i]), path[i]);
    }
  }
  if (pattern.size() != path.size()) return std::nullopt;
  return values;
}

/// Routes are kept sorted, so that the first that matches is the one that wins.
bool GoesBefore(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::lexicographical_compare(a, b, {}, KindOf, KindOf);
}

bool MatchesTheSame(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::ranges::equal(a, b, [](const std::string& x, const std::string& y) {
    return KindOf(x) == KindOf(y) && (KindOf(x) != Kind::kText || x == y);
  });
}

std::string_view RefusalSentence(int status) {
  switch (status) {
    case 400:
      return "The path is malformed.\n";
    case 405:
      return "This path does not know the method.\n";
    default:
      return "There is nothing under this path.\n";
  }
}

}  // namespace

const std::string& PathParams::operator[](std::string_view name) const {
  for (const auto& [key, value] : values_) {
    if (key == name) return value;
  }
  throw std::out_of_range("the route has no {" + std::string(name) + "}");
}

void Router::Add(Method method, std::string_view pattern, RouteHandler handler, Gate gate) {
  Route route{method, {}, std::move(handler), std::move(gate)};
  for (const std::string_view segment : Segments(pattern)) route.segments.emplace_back(segment);
  for (const std::string& segment : route.segments) {
    if (!IsPatternSegment(segment, &segment == &route.segments.back())) {
      throw std::invalid_argument("malformed route " + std::string(pattern));
    }
  }
  const bool known = std::ranges::any_of(routes_, [&](const Route& other) {
    return other.method == method && MatchesTheSame(other.segments, route.segments);
  });
  if (known) throw std::invalid_argument("the route is there already: " + std::string(pattern));
  routes_.insert(std::ranges::upper_bound(routes_, route.segments, GoesBefore, &Route::segments),
                 std::move(route));
}

void Router::OnRefusal(RefusalHandler refuse) { refuse_ = std::move(refuse); }

Router::Found Router::FindRoute(const ServerRequest& request) const {
  const auto path = DecodedSegments(request.target);
  if (!path) return {.status = 400};
  Found for_head;
  std::string allowed;
  for (const Route& route : routes_) {
    auto values = Match(route.segments, *path);
    if (!values) continue;
    if (route.method == request.method) return {&route, std::move(*values)};
    if (request.method == Method::kHead && route.method == Method::kGet && for_head.route == nullptr) {
      for_head = {&route, std::move(*values)};
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(Name(route.method));
  }
  if (for_head.route != nullptr) return for_head;
  return {.status = allowed.empty() ? 404 : 405, .allowed = std::move(allowed)};
}

std::optional<ServerResponse> Router::RefusalOf(const Found& found, const ServerRequest& request) const {
  if (found.route != nullptr) return found.route->gate ? found.route->gate(request) : std::nullopt;
  ServerResponse refusal = Refuse(request, found.status);
  if (!found.allowed.empty()) refusal.headers.emplace_back("Allow", found.allowed);
  return refusal;
}

std::optional<ServerResponse> Router::Admit(const ServerRequest& head) const {
  return RefusalOf(FindRoute(head), head);
}

ServerResponse Router::operator()(const ServerRequest& request) const {
  Found found = FindRoute(request);
  if (auto refusal = RefusalOf(found, request)) return std::move(*refusal);
  return found.route->handler(request, PathParams(std::move(found.values)));
}

ServerResponse Router::Refuse(const ServerRequest& request, int status) const {
  if (refuse_) return refuse_(request, status);
  return Respond(status, std::string(RefusalSentence(status)));
}

}  // namespace brood::http
