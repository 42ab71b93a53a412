#include "store/counts.hpp"

#include "store/sqlite/ports.hpp"

namespace brood::store::sqlite {
namespace {

/// What counts an index's records: all of them, and those of the type that is bound.
struct Question {
  const char* all;
  const char* of_type;
};

// A feed's entries are a line each, and a feed without entries is not kept.
constexpr auto kFeedEntries =
    "SELECT coalesce(sum(1 + length(entries) - length(replace(entries, char(10), ''))), 0) "
    "FROM third_party_blacklist";
constexpr auto kFeedEntriesOfCategory =
    "SELECT coalesce(sum(1 + length(entries) - length(replace(entries, char(10), ''))), 0) "
    "FROM third_party_blacklist WHERE type = ?";

Question QuestionFor(Index index) {
  switch (index) {
    case Index::kQueue:
      return {"SELECT count(*) FROM queue", nullptr};
    case Index::kHashes:
      return {"SELECT count(*) FROM hashes", nullptr};
    case Index::kCuckoo:
      return {"SELECT count(*) FROM cuckoo", nullptr};
    case Index::kBlacklist:
      return {"SELECT count(*) FROM blacklist", "SELECT count(*) FROM blacklist WHERE type = ?"};
    case Index::kWhitelist:
      return {"SELECT count(*) FROM whitelist", "SELECT count(*) FROM whitelist WHERE type = ?"};
    case Index::kThirdPartyBlacklist:
      break;
  }
  return {kFeedEntries, kFeedEntriesOfCategory};
}

class SqliteCounts final : public Counts {
 public:
  SqliteCounts(Database& records, Database& reports) : records_(records), reports_(reports) {}

  Result<std::uint64_t> Of(Index index, std::string_view type) override {
    const Question question = QuestionFor(index);
    const bool of_all = type.empty() || type == OnlyTypeOf(index);
    if (!of_all && question.of_type == nullptr) return std::uint64_t{0};
    Database& database = index == Index::kCuckoo ? reports_ : records_;
    return database.Read<std::uint64_t>([&](db::Connection& connection) -> db::Result<std::uint64_t> {
      db::Statement statement = connection.Prepare(of_all ? question.all : question.of_type);
      if (!of_all) statement.Bind(1, type);
      const auto row = statement.Step();
      if (!row) return Unexpected(row.error());
      return static_cast<std::uint64_t>(statement.Int(0));
    });
  }

 private:
  Database& records_;
  Database& reports_;
};

}  // namespace

std::unique_ptr<Counts> MakeCounts(Database& records, Database& reports) {
  return std::make_unique<SqliteCounts>(records, reports);
}

}  // namespace brood::store::sqlite
