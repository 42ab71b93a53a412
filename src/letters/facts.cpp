#include "letters/facts.hpp"

#include "base/text.hpp"
#include "letters/redact.hpp"
#include "model/messages_json.hpp"

namespace brood::letters {
namespace {

constexpr std::size_t kMaxText = 1'024;

/// CRITs' own id of the analysis; a submission without CRITs has its own there.
std::string AnalysisOf(const model::CritsData& crits) {
  return crits.object_id.empty() ? "" : crits.analysis_id;
}

void AddMessage(Facts& facts, const std::string& body, const std::vector<std::string>& secrets) {
  if (const auto task = model::TaskMessageFromJson(body)) {
    facts.task = task->task;
    facts.node = WithoutSecrets(task->node.Get(), secrets);
    facts.sha256 = task->sha256;
    facts.analysis = AnalysisOf(task->crits);
  } else if (const auto feed = model::FeedMessageFromJson(body)) {
    facts.file = WithoutSecrets(feed->file_name, secrets);
    facts.sha256 = feed->sha256;
    facts.analysis = AnalysisOf(feed->crits);
  }
}

}  // namespace

Facts FactsOf(const store::DeadLetter& letter) {
  Facts facts;
  const auto failure = model::FailureMessageFromJson(letter.failure);
  if (!failure) {
    facts.error = "the failure's record cannot be read";
    return facts;
  }
  const auto secrets = SecretsIn(failure->msg);
  facts.stage = failure->service;
  facts.kind = Name(failure->kind);
  facts.what = Shorten(WithoutSecrets(failure->desc, secrets), kMaxText);
  facts.error = Shorten(WithoutSecrets(failure->error, secrets), kMaxText);
  AddMessage(facts, failure->msg, secrets);
  return facts;
}

std::string MessageOf(const store::DeadLetter& letter) {
  const auto failure = model::FailureMessageFromJson(letter.failure);
  return ShownMessage(failure ? failure->msg : letter.failure);
}

}  // namespace brood::letters
