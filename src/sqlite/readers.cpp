#include "sqlite/readers.hpp"

#include <stdexcept>
#include <utility>

namespace brood::sqlite {

Result<void> Readers::Read(const Writer::Work& work) {
  if (writer_.InMemory()) return writer_.ReadHere(work);
  std::unique_ptr<Connection> connection;
  try {
    connection = Borrow();
  } catch (const std::runtime_error& error) {
    return Unexpected(SqliteError{Errc::kOther, error.what()});
  }
  if (auto begun = connection->Prepare("BEGIN").Run(); !begun) return begun;
  Result<void> result;
  try {
    result = work(*connection);
  } catch (...) {
    if (connection->Prepare("ROLLBACK").Run()) Return(std::move(connection));
    throw;
  }
  // A connection that cannot end its transaction is dropped: nobody may read an old state from it.
  if (connection->Prepare("ROLLBACK").Run()) Return(std::move(connection));
  return result;
}

std::unique_ptr<Connection> Readers::Borrow() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(writer_.File(), Mode::kReadOnly);
}

void Readers::Return(std::unique_ptr<Connection> connection) {
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

}  // namespace brood::sqlite
