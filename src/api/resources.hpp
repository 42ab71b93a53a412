#pragma once

#include "api/api.hpp"
#include "api/routes.hpp"

namespace brood::api {

// Each adds the calls of one resource, in the file of its name. `ports` outlives the routes.

void AddHealth(Routes& routes, const Ports& ports);
void AddOriginalBlacklist(Routes& routes, const Ports& ports);
void AddOriginalCounts(Routes& routes, const Ports& ports);
void AddOriginalWhitelist(Routes& routes, const Ports& ports);
void AddMetricsPage(Routes& routes, const Ports& ports);

void AddStatus(Routes& routes, const Ports& ports);
void AddUpload(Routes& routes, const Ports& ports, const Settings& settings);
void AddSamples(Routes& routes, const Ports& ports, const Settings& settings);
void AddSubmissions(Routes& routes, const Ports& ports);
void AddReports(Routes& routes, const Ports& ports);
void AddBlacklist(Routes& routes, const Ports& ports);
void AddWhitelist(Routes& routes, const Ports& ports);
void AddFeeds(Routes& routes, const Ports& ports);
void AddDeadLetters(Routes& routes, const Ports& ports);

}  // namespace brood::api
