#pragma once

#include <memory>

#include "store/store.hpp"

namespace brood::sqlite {
class Writer;
}

namespace brood::store::sqlite {

/// The record ports on SQLite. Each writing call is one work of its file's writer and so is committed together
/// with what others, the broker among them, write at that moment; a bulk call is one work too. Reads run beside
/// on connections of their own and see everything committed before they began: nothing lags here. Several
/// processes may share the files. A full disk is kFull and leaves no trace; the next call is a new try.
class SqliteStore final : public Store {
 public:
  /// Reports go to a file of their own, so that their documents do not slow down the queue's file; both may be
  /// the same. Makes the tables or brings them up to date; throws std::runtime_error where that fails.
  SqliteStore(std::shared_ptr<brood::sqlite::Writer> records, std::shared_ptr<brood::sqlite::Writer> reports);
  ~SqliteStore() override;

  [[nodiscard]] store::Submissions& Submissions() override;
  [[nodiscard]] store::Hashes& Hashes() override;
  [[nodiscard]] store::Reports& Reports() override;
  [[nodiscard]] store::Blacklist& Blacklist() override;
  [[nodiscard]] store::Lists& Lists() override;
  [[nodiscard]] store::DeadLetters& DeadLetters() override;
  [[nodiscard]] store::Effects& Effects() override;
  [[nodiscard]] store::Counts& Counts() override;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace brood::store::sqlite
