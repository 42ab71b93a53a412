#include "http/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "http/target.hpp"
#include "http/url.hpp"

namespace brood::http {
namespace {

constexpr std::size_t kUsualSegments = 6;

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
  segments.reserve(kUsualSegments);
  for (const std::string_view raw : Segments(RawPath(target))) {
    auto decoded = PercentDecode(raw);
    if (!decoded) return std::nullopt;
    segments.push_back(std::move(*decoded));
  }
  return segments;
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

Router::Segment Router::ReadSegment(std::string_view text, std::string_view pattern, bool last) {
  if (text.find_first_of("{}") == text.npos) return {Kind::kText, std::string(text)};
  const bool rest = text.ends_with("*}");
  const std::size_t around = rest ? 3 : 2;
  const bool fine = text.starts_with('{') && text.ends_with('}') && text.size() > around && (last || !rest);
  if (!fine) throw std::invalid_argument("malformed route " + std::string(pattern));
  return {rest ? Kind::kRest : Kind::kName, std::string(text.substr(1, text.size() - around))};
}

/// Whether the path is one of the pattern's. Most are not, so nothing is copied for it.
bool Router::Fits(const std::vector<Segment>& pattern, const std::vector<std::string>& path) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == Kind::kRest) return true;
    if (i == path.size()) return false;
    if (pattern[i].kind == Kind::kText ? pattern[i].text != path[i] : path[i].empty()) return false;
  }
  return pattern.size() == path.size();
}

/// Of a path that fits; what is taken is gone from it.
FieldList Router::ValuesIn(const std::vector<Segment>& pattern, std::vector<std::string>& path) {
  FieldList values;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].kind == Kind::kName) values.emplace_back(pattern[i].text, std::move(path[i]));
    if (pattern[i].kind != Kind::kRest) continue;
    std::string rest;
    for (std::size_t j = i; j < path.size(); ++j) rest += (j > i ? "/" : "") + path[j];
    values.emplace_back(pattern[i].text, std::move(rest));
  }
  return values;
}

bool Router::MatchesTheSame(const std::vector<Segment>& a, const std::vector<Segment>& b) {
  return std::ranges::equal(a, b, [](const Segment& x, const Segment& y) {
    return x.kind == y.kind && (x.kind != Kind::kText || x.text == y.text);
  });
}

void Router::Add(Method method, std::string_view pattern, RouteHandler handler, Gate gate) {
  Route route{method, {}, std::move(handler), std::move(gate)};
  const auto texts = Segments(pattern);
  for (const std::string_view& text : texts) {
    route.segments.push_back(ReadSegment(text, pattern, &text == &texts.back()));
  }
  const bool known = std::ranges::any_of(routes_, [&](const Route& other) {
    return other.method == method && MatchesTheSame(other.segments, route.segments);
  });
  if (known) throw std::invalid_argument("the route is there already: " + std::string(pattern));
  // Kept sorted, so that the first that fits is the one that wins.
  const auto goes_before = [](const std::vector<Segment>& a, const std::vector<Segment>& b) {
    return std::ranges::lexicographical_compare(a, b, {}, &Segment::kind, &Segment::kind);
  };
  routes_.insert(std::ranges::upper_bound(routes_, route.segments, goes_before, &Route::segments),
                 std::move(route));
}

void Router::OnRefusal(RefusalHandler refuse) { refuse_ = std::move(refuse); }

Router::Found Router::FindRoute(const ServerRequest& request) const {
  auto path = DecodedSegments(request.target);
  if (!path) return {.status = 400};
  const Route* for_head = nullptr;
  std::string allowed;
  for (const Route& route : routes_) {
    if (!Fits(route.segments, *path)) continue;
    if (route.method == request.method) return {&route, ValuesIn(route.segments, *path)};
    if (request.method == Method::kHead && route.method == Method::kGet && for_head == nullptr)
      for_head = &route;
    allowed += (allowed.empty() ? "" : ", ") + std::string(Name(route.method));
  }
  if (for_head != nullptr) return {for_head, ValuesIn(for_head->segments, *path)};
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
