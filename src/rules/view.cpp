#include "rules/view.hpp"

namespace brood::rules {
namespace {

std::vector<const model::Connection*> Foreign(const std::vector<model::Connection>& connections,
                                              const IpSet& whitelist) {
  std::vector<const model::Connection*> foreign;
  for (const model::Connection& connection : connections) {
    if (!whitelist.Contains(connection.dst)) foreign.push_back(&connection);
  }
  return foreign;
}

}  // namespace

NetworkView WithoutWhitelisted(const model::Report& report, const IpSet& whitelist) {
  NetworkView view;
  for (const std::string& ip : report.ip) {
    const auto address = ParseIp(ip);
    if (address && !whitelist.Contains(*address)) view.ips.push_back({ip, *address});
  }
  for (const std::string& host : report.dead_host) {
    if (!whitelist.Contains(host)) view.dead_hosts.push_back(host);
  }
  for (const model::HttpRequest& request : report.http) view.http.push_back(&request);
  view.tcp = Foreign(report.tcp, whitelist);
  view.udp = Foreign(report.udp, whitelist);
  return view;
}

}  // namespace brood::rules
