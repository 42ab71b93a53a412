#include <fmt/format.h>

#include <array>

#include "store/limits.hpp"
#include "store/sqlite/options_text.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

using model::State;
using model::Submission;

constexpr auto kSelect =
    "SELECT seq, id, state, attempt, sha256, name, origin, options, accepted, changed, node, task_id, run, "
    "stage, "
    "reason, report_note, score, blacklisted, reasons FROM queue";

constexpr auto kAdvance = R"sql(
INSERT INTO queue(id, version, state, attempt, sha256, name, origin, options, accepted, changed, node, task_id, run,
                  stage, reason, report_note, score, blacklisted, reasons)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(id) DO UPDATE SET
  version = excluded.version, state = excluded.state, attempt = excluded.attempt, sha256 = excluded.sha256,
  name = excluded.name, origin = excluded.origin, options = excluded.options, accepted = excluded.accepted,
  changed = excluded.changed, node = excluded.node, task_id = excluded.task_id, run = excluded.run,
  stage = excluded.stage, reason = excluded.reason, report_note = excluded.report_note, score = excluded.score,
  blacklisted = excluded.blacklisted, reasons = excluded.reasons
WHERE excluded.version > queue.version)sql";

void BindAll(db::Statement& statement, const Submission& record) {
  int n = 0;
  const auto bind = [&](const auto& value) { statement.Bind(++n, value); };
  bind(record.id.Get());
  bind(record.Version());
  bind(model::Name(record.state));
  bind(record.attempt);
  bind(record.sha256.Get());
  bind(record.name);
  bind(record.origin);
  bind(ToText(record.options));
  bind(ToMillis(record.accepted));
  bind(ToMillis(record.changed));
  bind(record.node.Get());
  bind(record.task.Get());
  bind(model::ToText(record.run));
  bind(record.stage);
  bind(record.reason);
  bind(record.report_note);
  bind(record.score);
  bind(record.blacklisted);
  bind(record.reasons);
}

/// The columns of kSelect one after another.
class Columns {
 public:
  explicit Columns(const db::Statement& row) : row_(&row) {}
  std::int64_t Int() { return row_->Int(next_++); }
  double Double() { return row_->Double(next_++); }
  std::string Text() { return std::string(row_->Text(next_++)); }

 private:
  const db::Statement* row_;
  int next_ = 0;
};

db::Result<Placed<Submission>> ReadRow(const db::Statement& row) {
  Columns columns(row);
  Placed<Submission> placed;
  Submission& record = placed.record;
  placed.at.row = columns.Int();
  record.id = model::SubmissionId(columns.Text());
  const auto state = model::StateFrom(columns.Text());
  record.attempt = static_cast<int>(columns.Int());
  record.sha256 = model::SampleHash(columns.Text());
  record.name = columns.Text();
  record.origin = columns.Text();
  auto options = OptionsFrom(columns.Text());
  record.accepted = FromMillis(columns.Int());
  record.changed = FromMillis(columns.Int());
  record.node = model::NodeUrl(columns.Text());
  record.task = model::TaskId(columns.Int());
  auto run = model::RunFrom(columns.Text());
  record.stage = columns.Text();
  record.reason = columns.Text();
  record.report_note = columns.Text();
  record.score = columns.Double();
  record.blacklisted = columns.Int() != 0;
  record.reasons = columns.Text();
  if (!state) return Unexpected(DamagedRow("queue", record.id.Get(), "its state is unknown"));
  if (!options) return Unexpected(DamagedRow("queue", record.id.Get(), "its options cannot be read"));
  if (!run) return Unexpected(DamagedRow("queue", record.id.Get(), "its run cannot be read"));
  record.state = *state;
  record.options = std::move(*options);
  record.run = std::move(*run);
  placed.at.time = ToMillis(record.changed);
  return placed;
}

db::Result<std::optional<Submission>> GetHere(db::Connection& connection, const model::SubmissionId& id) {
  static const std::string get = fmt::format("{} WHERE id = ?", kSelect);
  db::Statement statement = connection.Prepare(get);
  statement.Bind(1, id.Get());
  return OneRow<Submission>(statement, [](const db::Statement& row) {
    return ReadRow(row).map([](Placed<Submission>&& placed) { return std::move(placed.record); });
  });
}

Conditions ConditionsOf(const SubmissionFilter& filter, const std::optional<Position>& after) {
  Conditions conditions;
  if (filter.sha256) conditions.Add("sha256 = ?", {filter.sha256->Get()});
  // A plus sign keeps SQLite from the index of that column: a sample has few submissions, a state has most.
  if (filter.state) {
    conditions.Add(filter.sha256 ? "+state = ?" : "state = ?", {std::string(model::Name(*filter.state))});
  }
  const char* changed = filter.sha256 ? "+changed" : "changed";
  if (filter.changed_before) {
    conditions.Add(fmt::format("{} < ?", changed), {ToMillis(*filter.changed_before)});
  }
  if (after) conditions.Add(fmt::format("({}, seq) < (?, ?)", changed), {after->time, after->row});
  return conditions;
}

class SqliteSubmissions final : public Submissions {
 public:
  explicit SqliteSubmissions(Database& database) : database_(database) {}

  Result<std::vector<std::optional<Submission>>> GetAll(std::span<const model::SubmissionId> ids) override {
    using Records = std::vector<std::optional<Submission>>;
    if (ids.empty()) return Records();
    return database_.Read<Records>([&](db::Connection& connection) -> db::Result<Records> {
      Records records;
      for (const model::SubmissionId& id : ids) {
        auto record = GetHere(connection, id);
        if (!record) return Unexpected(record.error());
        records.push_back(std::move(*record));
      }
      return records;
    });
  }

  Result<std::vector<Moved>> Advance(std::span<const Submission> records) override {
    if (auto fine = CheckAll(records); !fine) return Unexpected(fine.error());
    if (records.empty()) return std::vector<Moved>();
    return database_.Write<std::vector<Moved>>(
        [&](db::Connection& connection) -> db::Result<std::vector<Moved>> {
          std::vector<Moved> answers;
          db::Statement advance = connection.Prepare(kAdvance);
          for (const Submission& record : records) {
            BindAll(advance, record);
            if (auto run = advance.Run(); !run) return Unexpected(run.error());
            answers.push_back(connection.Changes() == 1 ? Moved::kMoved : Moved::kCurrent);
          }
          return answers;
        });
  }

  Result<Listing<Submission>> List(const SubmissionFilter& filter, const Page& page) override {
    const auto after = PositionFrom(page.after);
    if (!after) return Unexpected(after.error());
    const Conditions conditions = ConditionsOf(filter, *after);
    return database_.Read<Listing<Submission>>([&](db::Connection& connection) {
      db::Statement statement =
          conditions.Prepare(connection, kSelect, "ORDER BY changed DESC, seq DESC LIMIT ?", RowsFor(page));
      return AllRows<Placed<Submission>>(statement, ReadRow).map([&](auto&& rows) {
        return ToListing(std::forward<decltype(rows)>(rows), page);
      });
    });
  }

  Result<std::vector<std::uint64_t>> CountByState() override {
    return database_.Read<std::vector<std::uint64_t>>(
        [](db::Connection& connection) -> db::Result<std::vector<std::uint64_t>> {
          std::vector<std::uint64_t> counts(static_cast<std::size_t>(State::kScored) + 1);
          db::Statement statement = connection.Prepare("SELECT state, count(*) FROM queue GROUP BY state");
          for (;;) {
            const auto row = statement.Step();
            if (!row) return Unexpected(row.error());
            if (!*row) return counts;
            const auto state = model::StateFrom(statement.Text(0));
            if (state) counts[static_cast<std::size_t>(*state)] = static_cast<std::uint64_t>(statement.Int(1));
          }
        });
  }

 private:
  Database& database_;
};

}  // namespace

std::unique_ptr<Submissions> MakeSubmissions(Database& records) {
  return std::make_unique<SqliteSubmissions>(records);
}

}  // namespace brood::store::sqlite
