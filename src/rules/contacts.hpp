#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/net_names.hpp"
#include "rules/view.hpp"

namespace brood::rules {

/// Which connections of a report belong to which address, domain or URL: its network view in parts, each for
/// one of them. What the IP whitelist covers is in none. Refers to the report.
///
/// A domain's addresses are those that the report says it was resolved to, and those that HTTP requests to it
/// went to; only what was contacted counts. Requests go by the host in their URL, where that cannot be read by
/// the Host header.
class Contacts {
 public:
  Contacts(const model::Report& report, const NetworkView& network);

  struct Target {
    std::string value;  ///< canonical
    Host host;
    std::int64_t port = 0;  ///< of a URL
  };
  /// What was contacted, each once, in the order of the report. URLs of HTTPS are those of exchanges at port
  /// 443: a report does not say of others what they were.
  [[nodiscard]] const std::vector<Target>& Addresses() const { return addresses_; }
  [[nodiscard]] const std::vector<Target>& Domains() const { return domains_; }
  [[nodiscard]] const std::vector<Target>& Urls() const { return urls_; }

  /// The connections to an address, and the requests to it and to each domain that led there.
  [[nodiscard]] NetworkView OfAddress(const Target& address) const;
  /// The connections to a domain's addresses, and the requests to it.
  [[nodiscard]] NetworkView OfDomain(const Target& domain) const;
  /// The connections to the URL's host at its port, but no UDP: URLs are fetched over TCP; and the requests
  /// for this URL.
  [[nodiscard]] NetworkView OfUrl(const Target& url) const;

 private:
  using Requests = std::vector<const model::HttpRequest*>;
  struct HostContacts {
    std::vector<IpAddress> addresses;
    Requests requests;
  };

  void AddConnections(const NetworkView& network);
  void AddLookUp(const model::Domain& look_up);
  void AddRequest(const model::HttpRequest& request);
  void AddExchange(const model::HttpExchange& exchange);
  /// The host is a domain that led to this address.
  void AddAnswer(const Host& host, std::string_view address);
  void AddDomain(const Host& host);
  void AddUrl(Url url);
  [[nodiscard]] std::vector<IpAddress> AddressesOf(const Host& host) const;
  [[nodiscard]] NetworkView ConnectionsOf(const Host& host) const;
  [[nodiscard]] const HostContacts& At(std::string_view host) const;

  std::map<IpAddress, NetworkView> by_address_;  ///< without requests
  std::map<std::pair<IpAddress, std::int64_t>, std::vector<const model::Connection*>> tcp_at_;
  std::map<IpAddress, std::vector<std::string>> names_of_;
  std::map<std::string, HostContacts, std::less<>> by_host_;
  std::map<std::string, Requests, std::less<>> by_url_;
  std::set<std::pair<IpAddress, std::string>> answers_;  ///< those that are in names_of_
  std::vector<Target> addresses_, domains_, urls_;
  std::set<std::string> seen_domains_, seen_urls_;
};

}  // namespace brood::rules
