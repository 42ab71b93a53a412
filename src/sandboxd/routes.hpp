#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/router.hpp"
#include "sandboxd/engine.hpp"
#include "sandboxd/faults.hpp"
#include "sandboxd/processing.hpp"
#include "sandboxd/request_counts.hpp"
#include "sandboxd/sample_folder.hpp"
#include "sandboxd/sandboxd.hpp"
#include "sandboxd/task_table.hpp"

namespace brood::sandboxd {

/// What the calls work on. Outlives the router.
struct Service {
  const Settings& settings;
  TaskTable& tasks;
  Processing& processing;
  SampleFolder& samples;
  Engine& engine;
  FaultDice& faults;
  RequestCounts& counts;

  Persona Manners() const { return settings.persona; }
};

/// Adds the calls of one kind.
void AddCreateRoutes(http::Router& router, Service& service);  ///< /tasks/create/…
void AddTaskRoutes(http::Router& router, Service& service);  ///< /tasks/list, view, delete, reschedule, sample
void AddReportRoutes(http::Router& router, Service& service);  ///< /tasks/report, summary, rereport
void AddFileRoutes(http::Router& router, Service& service);    ///< /files/…
void AddNodeRoutes(http::Router& router, Service& service);    ///< /cuckoo/status, /machines/…, /brood/…

/// Most calls are below /v1 as well; the original forgot some.
enum class Alias { kV1, kNone };

/// Adds one route and its counter.
void AddRoute(http::Router& router, Service& service, http::Method method, const std::string& pattern,
              const std::string& call, http::RouteHandler handler, Alias alias = Alias::kV1);

using IdCall = http::ServerResponse (*)(Service&, const http::ServerRequest&, std::int64_t id);
/// Adds a GET whose pattern has an {id}; a path with anything else in its place is unknown.
void AddIdRoute(http::Router& router, Service& service, const std::string& pattern, const std::string& call,
                IdCall handle, Alias alias = Alias::kV1);

/// Digits alone, as 2.0.7's paths want them; 1.2 also takes a sign.
[[nodiscard]] std::optional<std::int64_t> IdFrom(Persona persona, std::string_view text);

}  // namespace brood::sandboxd
