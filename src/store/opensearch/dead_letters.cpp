#include <algorithm>

#include "store/limits.hpp"
#include "store/opensearch/amend.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

std::string IdOf(std::string_view key) { return DocumentId(kLetterPrefix, key); }

std::string ToSource(const DeadLetter& letter) {
  SourceWriter source;
  source.Text("type", kLetter).Text("id", letter.key).Int("version", letter.version + 1);
  source.Text("state", Name(letter.state)).Text("queue", letter.queue);
  source.Text("submission", letter.submission.Get()).Int("attempts", letter.attempts);
  source.Time("due", letter.due).Time("changed", letter.changed).Text("failure", letter.failure);
  source.Text("note", letter.note);
  return std::move(source).Take();
}

Result<DeadLetter> Read(std::string_view json) {
  SourceReader source("queue", json);
  DeadLetter letter;
  letter.key = source.Text("id");
  letter.version = source.Int("version");
  const auto state = LetterStateFrom(source.Text("state"));
  if (!state) source.Fail("its state is unknown");
  letter.queue = source.Text("queue");
  letter.submission = model::SubmissionId(source.Text("submission"));
  letter.attempts = static_cast<int>(source.Int("attempts"));
  letter.due = source.Time("due");
  letter.changed = source.Time("changed");
  letter.failure = source.Text("failure");
  letter.note = source.Text("note");
  if (!source.Fine()) return Unexpected(source.Damaged());
  letter.state = *state;
  return letter;
}

class EngineDeadLetters final : public DeadLetters {
 public:
  explicit EngineDeadLetters(Documents& documents) : documents_(documents) {}

  Result<Moved> Put(const DeadLetter& letter) override {
    if (auto fine = Check(letter); !fine) return Unexpected(fine.error());
    Moved moved = Moved::kMoved;
    const auto decide = [&](const std::optional<Document>& standing) -> Result<Change> {
      moved = Moved::kMoved;
      if (standing) {
        const auto stands = Read(standing->source);
        if (!stands) return Unexpected(stands.error());
        if (stands->version != letter.version) moved = Moved::kCurrent;
      }
      return moved == Moved::kMoved ? Change{Verb::kPut, ToSource(letter)} : Change{};
    };
    const Expect expect = letter.version == 0 ? Expect::kNothing : Expect::kSomething;
    return Amend(documents_, {{IdOf(letter.key), decide}}, expect).map([&] { return moved; });
  }

  Result<std::optional<DeadLetter>> Get(std::string_view key) override {
    const auto document = documents_.GetOne(IdOf(key));
    if (!document) return Unexpected(document.error());
    if (!*document) return std::optional<DeadLetter>();
    return Read((*document)->source).map([](DeadLetter&& letter) {
      return std::optional<DeadLetter>(std::move(letter));
    });
  }

  Result<std::vector<DeadLetter>> Due(Time now, std::size_t max) override {
    Query query;
    query.Is("type", kLetter).Is("state", Name(LetterState::kDelayed)).Range("due", "lte", ToMillis(now));
    query.Sorted("due", "asc");
    const auto sources = documents_.Search(query.Body(std::min(max, kMaxHits)));
    if (!sources) return Unexpected(sources.error());
    std::vector<DeadLetter> letters;
    for (const std::string& source : *sources) {
      auto letter = Read(source);
      if (!letter) return Unexpected(std::move(letter.error()));
      letters.push_back(std::move(*letter));
    }
    return letters;
  }

  Result<Listing<DeadLetter>> List(const LetterFilter& filter, const Page& page) override {
    const auto after = PositionFrom(page.after);
    if (!after) return Unexpected(after.error());
    Query query;
    query.Is("type", kLetter).Sorted("changed", "desc");
    if (filter.state) query.Is("state", Name(*filter.state));
    if (!filter.queue.empty()) query.Is("queue", filter.queue);
    if (!filter.key_prefix.empty()) query.Begins("id", filter.key_prefix);
    if (*after) query.After(**after);
    return ListPage<DeadLetter>(documents_, query, page, Read, [](const DeadLetter& letter) {
      return Position{ToMillis(letter.changed), letter.key};
    });
  }

  Result<bool> Remove(std::string_view key) override {
    const Write remove{Write::Kind::kRemove, IdOf(key), {}, std::nullopt, std::nullopt};
    return documents_.WriteAll(std::span(&remove, 1)).map([](const std::vector<Written>& written) {
      return written.front() == Written::kDone;
    });
  }

 private:
  Documents& documents_;
};

}  // namespace

std::unique_ptr<DeadLetters> MakeDeadLetters(Documents& queue) {
  return std::make_unique<EngineDeadLetters>(queue);
}

}  // namespace brood::store::opensearch
