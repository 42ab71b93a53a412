#include "rules/contacts.hpp"

#include <fmt/format.h>

namespace brood::rules {
namespace {

constexpr std::int64_t kHttp = 80, kHttps = 443;

std::string Bracketed(const Host& host) {
  const bool v6 = host.address && host.address->family == IpAddress::Family::kV6;
  return v6 ? fmt::format("[{}]", host.name) : host.name;
}

std::optional<Url> UrlOf(const model::HttpRequest& request) {
  if (auto url = ReadUrl(request.uri)) return url;
  if (!request.uri.starts_with('/')) return std::nullopt;
  return ReadUrl("http://" + request.host + request.uri);
}

std::optional<Url> UrlOf(const model::HttpExchange& exchange, const Host& host) {
  if (auto url = ReadUrl(exchange.uri)) return url;
  const bool known = exchange.dport == kHttp || exchange.dport == kHttps;
  if (!known || !exchange.uri.starts_with('/')) return std::nullopt;
  return ReadUrl(
      fmt::format("{}://{}{}", exchange.dport == kHttps ? "https" : "http", Bracketed(host), exchange.uri));
}

template <class T>
void Append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

Contacts::Contacts(const model::Report& report, const NetworkView& network) {
  AddConnections(network);
  for (const model::Domain& look_up : report.domain) AddLookUp(look_up);
  for (const model::HttpRequest* request : network.http) AddRequest(*request);
  for (const model::HttpExchange& exchange : report.http_ex) AddExchange(exchange);
}

void Contacts::AddConnections(const NetworkView& network) {
  for (const SeenAddress& ip : network.ips) {
    NetworkView& own = by_address_[ip.address];
    if (own.ips.empty()) {
      std::string text = ToText(ip.address);
      addresses_.push_back({text, {text, ip.address}, 0});
    }
    own.ips.push_back(ip);
  }
  for (const model::Connection* connection : network.tcp) {
    const auto address = ParseIp(connection->dst);
    if (!address) continue;
    by_address_[*address].tcp.push_back(connection);
    tcp_at_[{*address, connection->dport}].push_back(connection);
  }
  for (const model::Connection* connection : network.udp) {
    if (const auto address = ParseIp(connection->dst)) by_address_[*address].udp.push_back(connection);
  }
  for (const std::string_view host : network.dead_hosts) {
    if (const auto address = ParseIp(host)) by_address_[*address].dead_hosts.push_back(host);
  }
}

void Contacts::AddLookUp(const model::Domain& look_up) {
  const auto host = ReadHost(look_up.domain);
  if (!host || host->address) return;
  AddDomain(*host);
  AddAnswer(*host, look_up.ip);
}

void Contacts::AddRequest(const model::HttpRequest& request) {
  auto url = UrlOf(request);
  const auto host = url ? url->host : ReadHost(request.host);
  if (!host) return;
  AddDomain(*host);
  by_host_[host->name].requests.push_back(&request);
  if (!url) return;
  by_url_[url->text].push_back(&request);
  AddUrl(std::move(*url));
}

void Contacts::AddExchange(const model::HttpExchange& exchange) {
  const auto host = ReadHost(exchange.host.empty() ? exchange.dst : exchange.host);
  if (!host) return;
  AddDomain(*host);
  AddAnswer(*host, exchange.dst);
  if (auto url = UrlOf(exchange, *host)) AddUrl(std::move(*url));
}

void Contacts::AddAnswer(const Host& host, std::string_view address) {
  const auto parsed = ParseIp(address);
  if (host.address || !parsed || !by_address_.contains(*parsed)) return;
  if (!answers_.emplace(*parsed, host.name).second) return;
  by_host_[host.name].addresses.push_back(*parsed);
  names_of_[*parsed].push_back(host.name);
}

void Contacts::AddDomain(const Host& host) {
  if (host.address || !seen_domains_.insert(host.name).second) return;
  domains_.push_back({host.name, host, 0});
}

void Contacts::AddUrl(Url url) {
  if (!seen_urls_.insert(url.text).second) return;
  urls_.push_back({std::move(url.text), std::move(url.host), url.port});
}

const Contacts::HostContacts& Contacts::At(std::string_view host) const {
  static const HostContacts none;
  const auto found = by_host_.find(host);
  return found == by_host_.end() ? none : found->second;
}

std::vector<IpAddress> Contacts::AddressesOf(const Host& host) const {
  return host.address ? std::vector{*host.address} : At(host.name).addresses;
}

NetworkView Contacts::ConnectionsOf(const Host& host) const {
  NetworkView own;
  for (const IpAddress& address : AddressesOf(host)) {
    const auto found = by_address_.find(address);
    if (found == by_address_.end()) continue;
    Append(own.ips, found->second.ips);
    Append(own.tcp, found->second.tcp);
    Append(own.udp, found->second.udp);
    Append(own.dead_hosts, found->second.dead_hosts);
  }
  return own;
}

NetworkView Contacts::OfAddress(const Target& address) const {
  NetworkView own = ConnectionsOf(address.host);
  own.http = At(address.value).requests;
  const auto names = names_of_.find(*address.host.address);
  if (names == names_of_.end()) return own;
  for (const std::string& name : names->second) Append(own.http, At(name).requests);
  return own;
}

NetworkView Contacts::OfDomain(const Target& domain) const {
  NetworkView own = ConnectionsOf(domain.host);
  own.http = At(domain.value).requests;
  return own;
}

NetworkView Contacts::OfUrl(const Target& url) const {
  NetworkView own;
  for (const IpAddress& address : AddressesOf(url.host)) {
    if (const auto found = by_address_.find(address); found != by_address_.end()) {
      Append(own.ips, found->second.ips);
      Append(own.dead_hosts, found->second.dead_hosts);
    }
    if (const auto found = tcp_at_.find({address, url.port}); found != tcp_at_.end()) {
      Append(own.tcp, found->second);
    }
  }
  if (const auto found = by_url_.find(url.value); found != by_url_.end()) own.http = found->second;
  return own;
}

}  // namespace brood::rules
