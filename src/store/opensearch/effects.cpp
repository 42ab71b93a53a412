#include <algorithm>

#include "store/limits.hpp"
#include "store/opensearch/amend.hpp"
#include "store/opensearch/paging.hpp"
#include "store/opensearch/ports.hpp"
#include "store/opensearch/source_json.hpp"

namespace brood::store::opensearch {
namespace {

std::string IdOf(std::string_view key) { return DocumentId(kEffectPrefix, key); }

std::string ToSource(std::string_view key, Time begun, bool done) {
  SourceWriter source;
  source.Text("type", kEffect).Text("id", key).Time("begun", begun).Bool("done", done);
  return std::move(source).Take();
}

struct Effect {
  std::string key;
  Time begun{};
  bool done = false;
};

Result<Effect> Read(std::string_view json) {
  SourceReader source("queue", json);
  Effect effect{source.Text("id"), source.Time("begun"), source.Bool("done")};
  if (!source.Fine()) return Unexpected(source.Damaged());
  return effect;
}

class EngineEffects final : public Effects {
 public:
  explicit EngineEffects(Documents& documents) : documents_(documents) {}

  Result<Begun> Begin(std::string_view key, Time now) override {
    if (auto fine = CheckId("key of an effect", key); !fine) return Unexpected(fine.error());
    Begun begun = Begun::kFirst;
    return AmendOne(key, Expect::kNothing,
                    [&](const std::optional<Effect>& standing) -> Change {
                      begun = Begun::kFirst;
                      if (!standing) return {Verb::kPut, ToSource(key, now, false)};
                      begun = standing->done ? Begun::kDone : Begun::kUnsure;
                      return {};
                    })
        .map([&] { return begun; });
  }

  Result<void> Finish(std::string_view key, Time now) override {
    if (auto fine = CheckId("key of an effect", key); !fine) return fine;
    return AmendOne(key, Expect::kSomething, [&](const std::optional<Effect>& standing) -> Change {
      if (standing && standing->done) return {};
      return {Verb::kPut, ToSource(key, standing ? standing->begun : now, true)};
    });
  }

  Result<void> Withdraw(std::string_view key) override {
    return AmendOne(key, Expect::kSomething, [](const std::optional<Effect>& standing) -> Change {
      return standing && !standing->done ? Change{Verb::kRemove, {}} : Change{};
    });
  }

  Result<std::uint64_t> Forget(Time before) override {
    if (auto refreshed = documents_.Refresh(); !refreshed) return Unexpected(refreshed.error());
    Query old;
    old.Is("type", kEffect)
        .Range("begun", "lt", ToMillis(before))
        .Sorted("begun", "asc")
        .Fields(R"("id","begun","done")");
    std::uint64_t forgotten = 0;
    for (;;) {
      const auto sources = documents_.Search(old.Body(kMaxHits));
      if (!sources) return Unexpected(sources.error());
      if (sources->empty()) return forgotten;
      auto removed = RemoveAll(*sources, old);
      if (!removed) return removed;
      forgotten += *removed;
    }
  }

 private:
  template <class F>
  Result<void> AmendOne(std::string_view key, Expect expect, const F& change) {
    const auto decide = [&](const std::optional<Document>& standing) -> Result<Change> {
      if (!standing) return change(std::nullopt);
      const auto effect = Read(standing->source);
      if (!effect) return Unexpected(effect.error());
      return change(*effect);
    };
    return Amend(documents_, {{IdOf(key), decide}}, expect);
  }

  /// How many were there; `query` then goes on behind them.
  Result<std::uint64_t> RemoveAll(const std::vector<std::string>& sources, Query& query) {
    std::vector<Write> writes;
    for (const std::string& source : sources) {
      const auto effect = Read(source);
      if (!effect) return Unexpected(effect.error());
      writes.push_back({Write::Kind::kRemove, IdOf(effect->key), {}, std::nullopt, std::nullopt});
      query.After({ToMillis(effect->begun), effect->key});
    }
    return documents_.WriteAll(writes).map([](const std::vector<Written>& written) {
      return static_cast<std::uint64_t>(std::ranges::count(written, Written::kDone));
    });
  }

  Documents& documents_;
};

}  // namespace

std::unique_ptr<Effects> MakeEffects(Documents& queue) { return std::make_unique<EngineEffects>(queue); }

}  // namespace brood::store::opensearch
