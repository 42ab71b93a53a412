#include "retrohunt/judge.hpp"

#include <set>

#include "base/log.hpp"
#include "model/report_json.hpp"
#include "rules/types.hpp"
#include "rules/view.hpp"
#include "store/verdict_entries.hpp"

namespace brood::retrohunt {
namespace {

/// As in an evaluation: a report of malware can name any number of them. Entries of those behind it stay.
constexpr std::size_t kMostContacts = 1'000'000;

}  // namespace

Findings Judge::operator()(std::span<const store::StoredReport> reports) const {
  Findings findings;
  for (const store::StoredReport& stored : reports) {
    ++findings.reports;
    const auto report = model::ReportFromJson(stored.document, left_out_);
    if (report) {
      JudgeOne(*report, stored.id, findings);
      continue;
    }
    ++findings.unreadable;
    log::Warning("a stored report cannot be read", {{"report", stored.id}, {"why", report.error()}});
  }
  return findings;
}

void Judge::JudgeOne(const model::Report& report, const std::string& id, Findings& findings) const {
  const rules::Evaluation evaluation = rules::Evaluate(rules_, report, *lists_);
  const std::size_t first = findings.listed.size();
  for (store::BlacklistEntry& entry : store::EntriesOf(evaluation.verdicts, report.sha256, {})) {
    const ValueKey key = KeyOf(entry.type, entry.value);
    findings.listed.push_back({key, std::move(entry)});
  }
  if (evaluation.limit_hits.empty()) {
    AddSpared(report, first, findings);
    return;
  }
  ++findings.doubtful;
  for (const rules::LimitHit& hit : evaluation.limit_hits) {
    log::Warning("a pattern was given up at a limit",
                 {{"report", id}, {"key", hit.key}, {"value", hit.value}, {"what", hit.what}});
  }
}

/// Without any list: what a list covers by now is spared too.
void Judge::AddSpared(const model::Report& report, std::size_t first_listed, Findings& findings) const {
  static const rules::Lists none;
  const rules::NetworkView network = rules::WithoutWhitelisted(report, none.ip_whitelist);
  const rules::View whole{report, network, none};
  std::set<ValueKey> listed;
  for (std::size_t i = first_listed; i < findings.listed.size(); ++i) listed.insert(findings.listed[i].key);
  std::size_t looked_at = 0;
  for (const rules::TypeInfo& type : rules::AllTypes()) {
    if (!ledger_.HasRemovable(type.name)) continue;
    type.candidates(whole, [&](const rules::Candidate& candidate) {
      const ValueKey key = KeyOf(type.name, candidate.value);
      if (ledger_.Removable(key) && !listed.contains(key)) findings.spared.push_back(key);
      const rules::NetworkView& own = candidate.network;
      looked_at += 1 + own.ips.size() + own.tcp.size() + own.udp.size() + own.http.size();
      return looked_at < kMostContacts;
    });
  }
}

}  // namespace brood::retrohunt
