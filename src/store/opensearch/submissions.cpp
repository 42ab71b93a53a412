#include <fmt/format.h>

#include <map>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"
#include "model/json_text.hpp"
#include "store/limits.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/raw_json.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

using model::State;
using model::Submission;
using Records = std::vector<std::optional<Submission>>;

/// The submission's id itself, unless another type's documents have such ids.
std::string IdOf(std::string_view id) {
  const bool taken = id.starts_with(kLetterPrefix) || id.starts_with(kEffectPrefix) || id.starts_with("item:");
  return DocumentId(taken ? "item:" : "", id);
}

std::string OptionsJson(const std::map<std::string, std::string>& options) {
  SourceWriter json;
  for (const auto& [name, value] : options) json.Text(name, value);
  return std::move(json).Take();
}

std::string ToSource(const Submission& record) {
  SourceWriter source;
  source.Text("type", kItem).Text("id", record.id.Get()).Text("state", model::Name(record.state));
  source.Int("attempt", record.attempt).Text("sha256", record.sha256.Get()).Text("name", record.name);
  source.Text("origin", record.origin).Raw("options", OptionsJson(record.options));
  source.Time("timestamp", record.accepted).Time("changed", record.changed);
  source.Text("node", record.node.Get()).Int("task_id", record.task.Get());
  source.Text("run", model::ToText(record.run)).Text("stage", record.stage).Text("reason", record.reason);
  source.Text("report_note", record.report_note).Real("score", record.score);
  source.Bool("blacklisted", record.blacklisted).Text("reasons", record.reasons);
  return std::move(source).Take();
}

std::map<std::string, std::string> ReadOptions(SourceReader& source) {
  std::map<std::string, std::string> options;
  const boost::json::value* value = source.Value("options");
  if (value == nullptr || !value->is_object()) {
    source.Fail("its options are no object");
    return options;
  }
  for (const auto& [name, text] : value->as_object()) {
    if (text.is_string()) options.emplace(name, text.as_string());
  }
  return options;
}

Result<Submission> Read(std::string_view json) {
  SourceReader source("queue", json);
  Submission record;
  record.id = model::SubmissionId(source.Text("id"));
  const auto state = model::StateFrom(source.Text("state"));
  if (!state) source.Fail("its state is unknown");
  record.attempt = static_cast<int>(source.Int("attempt"));
  record.sha256 = model::SampleHash(source.Text("sha256"));
  record.name = source.Text("name");
  record.origin = source.Text("origin");
  record.options = ReadOptions(source);
  record.accepted = source.Time("timestamp");
  record.changed = source.Time("changed");
  record.node = model::NodeUrl(source.Text("node"));
  record.task = model::TaskId(source.Int("task_id"));
  auto run = model::RunFrom(source.Text("run"));
  if (!run) source.Fail("its run cannot be read");
  record.stage = source.Text("stage");
  record.reason = source.Text("reason");
  record.report_note = source.Text("report_note");
  record.score = source.Real("score");
  record.blacklisted = source.Bool("blacklisted");
  record.reasons = source.Text("reasons");
  if (!source.Fine()) return Unexpected(source.Damaged());
  record.state = *state;
  record.run = std::move(*run);
  return record;
}

class EngineSubmissions final : public Submissions {
 public:
  explicit EngineSubmissions(Documents& documents) : documents_(documents) {}

  Result<Records> GetAll(std::span<const model::SubmissionId> ids) override {
    std::vector<std::string> asked;
    for (const model::SubmissionId& id : ids) {
      if (CheckId("submission's id", id.Get())) asked.push_back(IdOf(id.Get()));
    }
    const auto found = documents_.Get(asked);
    if (!found) return Unexpected(found.error());
    Records records;
    auto next = found->begin();
    for (const model::SubmissionId& id : ids) {
      records.emplace_back();
      if (!CheckId("submission's id", id.Get())) continue;  // nobody can have written it
      const auto& document = *next++;
      if (!document) continue;
      auto record = Read(document->source);
      if (!record) return Unexpected(std::move(record.error()));
      records.back() = std::move(*record);
    }
    return records;
  }

  Result<std::vector<Moved>> Advance(std::span<const Submission> records) override {
    if (auto fine = CheckAll(records); !fine) return Unexpected(fine.error());
    std::vector<Write> writes;
    for (const Submission& record : records) {
      writes.push_back(
          {Write::Kind::kPut, IdOf(record.id.Get()), ToSource(record), std::nullopt, record.Version()});
    }
    return documents_.WriteAll(writes).map([](const std::vector<Written>& written) {
      std::vector<Moved> answers;
      for (const Written one : written) {
        answers.push_back(one == Written::kDone ? Moved::kMoved : Moved::kCurrent);
      }
      return answers;
    });
  }

  Result<Listing<Submission>> List(const SubmissionFilter& filter, const Page& page) override {
    const auto after = PositionFrom(page.after);
    if (!after) return Unexpected(after.error());
    Query query;
    query.Is("type", kItem).Sorted("changed", "desc");
    if (filter.sha256) query.Is("sha256", filter.sha256->Get());
    if (filter.state) query.Is("state", model::Name(*filter.state));
    if (filter.changed_before) query.Range("changed", "lt", ToMillis(*filter.changed_before));
    if (*after) query.After(**after);
    return ListPage<Submission>(documents_, query, page, Read, [](const Submission& record) {
      return Position{ToMillis(record.changed), record.id.Get()};
    });
  }

  Result<std::vector<std::uint64_t>> CountByState() override {
    std::vector<std::uint64_t> counts(static_cast<std::size_t>(State::kScored) + 1);
    Query query;
    std::string body = query.Is("type", kItem).Conditions();
    body.pop_back();
    body += R"(,"size":0,"aggs":{"states":{"terms":{"field":"state","size":100}}}})";
    const auto answer = documents_.Aggregate(body);
    if (!answer) return Unexpected(answer.error());
    const auto buckets = ItemsOf(MemberOf(MemberOf(*answer, "states"), "buckets"));
    if (!buckets) return Unexpected(StoreError{Errc::kDamaged, "the index queue counts no states"});
    for (const std::string_view bucket : *buckets) {
      const std::string_view name = MemberOf(bucket, "key");
      const auto state = model::StateFrom(name.size() > 2 ? name.substr(1, name.size() - 2) : name);
      const auto count = ParseInt(MemberOf(bucket, "doc_count"));
      if (state && count) counts[static_cast<std::size_t>(*state)] = static_cast<std::uint64_t>(*count);
    }
    return counts;
  }

 private:
  Documents& documents_;
};

}  // namespace

std::unique_ptr<Submissions> MakeSubmissions(Documents& queue) {
  return std::make_unique<EngineSubmissions>(queue);
}

}  // namespace brood::store::opensearch
