#include "rules/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace brood::rules {
namespace {

using model::Report;
using Texts = std::vector<std::string_view>;
using Numbers = std::vector<Number>;

/// The strings of a report's list.
template <auto List>
void All(const View& view, Texts& out) {
  const auto& list = view.report.*List;
  out.insert(out.end(), list.begin(), list.end());
}

/// One field of each item of a report's list.
template <auto List, auto Field>
void Each(const View& view, Texts& out) {
  for (const auto& item : view.report.*List) out.emplace_back(item.*Field);
}

template <auto Field>
void EachHttp(const View& view, Texts& out) {
  for (const model::HttpRequest* request : view.network.http) out.emplace_back(request->*Field);
}

template <auto Connections>
void Ports(const View& view, Numbers& out) {
  for (const model::Connection* connection : view.network.*Connections) {
    out.push_back({static_cast<double>(connection->dport), std::to_string(connection->dport)});
  }
}

void Severities(const View& view, Numbers& out) {
  for (const model::Signature& signature : view.report.signature) {
    out.push_back({static_cast<double>(signature.severity), std::to_string(signature.severity)});
  }
}

void Score(const View& view, Numbers& out) {
  out.push_back({view.report.score, fmt::format("{:#}", view.report.score)});
}

void VtScore(const View& view, Numbers& out) {
  out.push_back({static_cast<double>(view.report.vt_matched), std::to_string(view.report.vt_matched)});
}

void DeadHosts(const View& view, Numbers& out) {
  const std::size_t amount = view.network.dead_hosts.size();
  out.push_back({static_cast<double>(amount), std::to_string(amount)});
}

constexpr auto kReport = KeyScope::kReport;
constexpr auto kNetwork = KeyScope::kNetwork;
constexpr auto kText = ValueKind::kText;

constexpr auto kKeys = std::to_array<KeyInfo>({
    {"command_line", kText, kReport, Each<&Report::process, &model::Process::command_line>},
    {"process_name", kText, kReport, Each<&Report::process, &model::Process::process_name>},
    {"dir_created", kText, kReport, All<&Report::dir_created>},
    {"dir_enumerated", kText, kReport, All<&Report::dir_enumerated>},
    {"dir_removed", kText, kReport, All<&Report::dir_removed>},
    {"file_deleted", kText, kReport, All<&Report::file_deleted>},
    {"file_opened", kText, kReport, All<&Report::file_opened>},
    {"file_read", kText, kReport, All<&Report::file_read>},
    {"file_written", kText, kReport, All<&Report::file_written>},
    {"mutex", kText, kReport, All<&Report::mutex>},
    {"string", kText, kReport, All<&Report::string>},
    {"registry_key_deleted", kText, kReport, All<&Report::regkey_deleted>},
    {"registry_key_opened", kText, kReport, All<&Report::regkey_opened>},
    {"registry_key_read", kText, kReport, All<&Report::regkey_read>},
    {"registry_key_written", kText, kReport, All<&Report::regkey_written>},
    {"http_path", kText, kNetwork, EachHttp<&model::HttpRequest::path>},
    {"http_user_agent", kText, kNetwork, EachHttp<&model::HttpRequest::user_agent>},
    {"signature_name", ValueKind::kExact, kReport, Each<&Report::signature, &model::Signature::name>},
    {"signature_severity", ValueKind::kInteger, kReport, nullptr, Severities},
    {"cuckoo_score", ValueKind::kNumberRange, kReport, nullptr, Score},
    {"vt_score", ValueKind::kCountRange, kReport, nullptr, VtScore},
    {"dead_host_amount", ValueKind::kCountRange, kNetwork, nullptr, DeadHosts},
    {"ip_in_range", ValueKind::kIpRange, kNetwork},
    {"ip_in_subnet", ValueKind::kSubnet, kNetwork},
    {"tcp_port", ValueKind::kPort, kNetwork, nullptr, Ports<&NetworkView::tcp>},
    {"udp_port", ValueKind::kPort, kNetwork, nullptr, Ports<&NetworkView::udp>},
    {"3rd_party_blacklist", ValueKind::kCategory, kNetwork},
});

}  // namespace

std::span<const KeyInfo> AllKeys() { return kKeys; }

const KeyInfo* FindKey(std::string_view name) {
  const auto found =
      std::find_if(kKeys.begin(), kKeys.end(), [&](const KeyInfo& key) { return key.name == name; });
  return found == kKeys.end() ? nullptr : &*found;
}

}  // namespace brood::rules
