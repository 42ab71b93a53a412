#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.hpp"

namespace brood::http {

/// Values of a pattern's {names}, decoded, in the order of the path.
class PathParams {
 public:
  explicit PathParams(FieldList values = {}) : values_(std::move(values)) {}
  /// The value under `name`; throws std::out_of_range for a name that the pattern does not have (a bug).
  [[nodiscard]] const std::string& operator[](std::string_view name) const;

 private:
  FieldList values_;
};

using RouteHandler = std::function<ServerResponse(const ServerRequest&, const PathParams&)>;
/// Who may use a route: nothing to go on, else the refusal. The request may have no body yet.
using Gate = std::function<std::optional<ServerResponse>(const ServerRequest& head)>;
/// Makes the answer when no route fits: status 404 (no such path) or 405 (path known, method not), 400 for a
/// path whose escapes are broken.
using RefusalHandler = std::function<ServerResponse(const ServerRequest&, int status)>;

/// Finds the handler by method and path. A pattern's segment is text, "{name}" (one segment, never empty) or,
/// as the last one, "{name*}" (the rest, slashes included, may be empty). Text wins over {name}, {name} over
/// {name*}, segment by segment from the left. One slash at the end of a path makes no difference. HEAD is
/// answered by GET's handler unless it has its own. Filled before use, then only read: thread-safe.
class Router {
 public:
  /// Throws std::invalid_argument for a malformed pattern or a route that is there already. Without `gate` all
  /// may.
  void Add(Method method, std::string_view pattern, RouteHandler handler, Gate gate = {});
  /// In place of the plain sentences. A 405 gets its Allow header either way.
  void OnRefusal(RefusalHandler refuse);

  /// A server's Admission: refuses where no route fits, or the gate of the one that does says no.
  [[nodiscard]] std::optional<ServerResponse> Admit(const ServerRequest& head) const;
  /// Refuses what Admit refuses, whether or not that was asked before.
  [[nodiscard]] ServerResponse operator()(const ServerRequest& request) const;

 private:
  enum class Kind { kText, kName, kRest };  ///< in the order of precedence
  struct Segment {
    Kind kind = Kind::kText;
    std::string text;  ///< of kName and kRest the name
  };
  struct Route {
    Method method;
    std::vector<Segment> segments;
    RouteHandler handler;
    Gate gate;
  };
  /// The route that wins, or none and why.
  struct Found {
    const Route* route = nullptr;
    FieldList values = {};
    int status = 200;          ///< 400, 404 or 405 without a route
    std::string allowed = {};  ///< the methods of a path that has others
  };

  [[nodiscard]] static Segment ReadSegment(std::string_view text, std::string_view pattern, bool last);
  [[nodiscard]] static bool Fits(const std::vector<Segment>& pattern, const std::vector<std::string>& path);
  [[nodiscard]] static FieldList ValuesIn(const std::vector<Segment>& pattern, std::vector<std::string>& path);
  [[nodiscard]] static bool MatchesTheSame(const std::vector<Segment>& a, const std::vector<Segment>& b);

  Found FindRoute(const ServerRequest& request) const;
  std::optional<ServerResponse> RefusalOf(const Found& found, const ServerRequest& request) const;
  ServerResponse Refuse(const ServerRequest& request, int status) const;

  std::vector<Route> routes_;  // sorted: the first that matches wins
  RefusalHandler refuse_;
};

}  // namespace brood::http
