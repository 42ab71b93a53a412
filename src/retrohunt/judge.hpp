#pragma once

#include <memory>
#include <span>
#include <vector>

#include "retrohunt/ledger.hpp"
#include "rules/evaluate.hpp"
#include "rules/unused_fields.hpp"
#include "store/reports.hpp"

namespace brood::retrohunt {

/// What some reports come to.
struct Findings {
  struct Listed {
    ValueKey key;
    store::BlacklistEntry entry;  ///< as the rules make it; last_change is not set
  };
  std::vector<Listed> listed;
  std::vector<ValueKey> spared;  ///< values with an entry that may be removed, named and not blacklisted
  std::uint64_t reports = 0;
  std::uint64_t unreadable = 0;  ///< their documents are damaged
  std::uint64_t doubtful = 0;    ///< a pattern was given up at a limit: what they spare is not known
};

/// Applies the rules to stored reports. Thread-safe, once the ledger is sealed.
class Judge {
 public:
  Judge(rules::RuleSet rules, std::shared_ptr<const rules::Lists> lists, const Ledger& ledger)
      : rules_(std::move(rules)),
        left_out_(rules::UnusedFields(rules_)),
        lists_(std::move(lists)),
        ledger_(ledger) {}

  [[nodiscard]] Findings operator()(std::span<const store::StoredReport> reports) const;

 private:
  void JudgeOne(const model::Report& report, const std::string& id, Findings& findings) const;
  void AddSpared(const model::Report& report, std::size_t first_listed, Findings& findings) const;

  const rules::RuleSet rules_;
  const std::vector<std::string_view> left_out_;  ///< of the documents: no rule looks at it
  const std::shared_ptr<const rules::Lists> lists_;
  const Ledger& ledger_;
};

}  // namespace brood::retrohunt
