#include <sqlite3.h>

#include <cerrno>
#include <utility>

#include "sqlite/connection.hpp"

namespace brood::sqlite {

Statement::Statement(Connection& connection, Cached* cached, sqlite3_stmt* handle)
    : connection_(&connection), cached_(cached), handle_(handle) {
  if (cached_ != nullptr) cached_->lent = true;
}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      cached_(std::exchange(other.cached_, nullptr)),
      handle_(std::exchange(other.handle_, nullptr)),
      error_(std::move(other.error_)) {}

Statement::~Statement() {
  if (cached_ == nullptr) {
    sqlite3_finalize(handle_);
    return;
  }
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  cached_->lent = false;
}

void Statement::Note(int code) {
  if (code != SQLITE_OK && !error_) error_ = connection_->ErrorOf(code);
}

Statement& Statement::BindInt(int parameter, std::int64_t value) {
  if (handle_ != nullptr) Note(sqlite3_bind_int64(handle_, parameter, value));
  return *this;
}

Statement& Statement::Bind(int parameter, double value) {
  if (handle_ != nullptr) Note(sqlite3_bind_double(handle_, parameter, value));
  return *this;
}

Statement& Statement::Bind(int parameter, std::string_view text) {
  // A view without memory would be bound as NULL.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  if (handle_ != nullptr) {
    Note(sqlite3_bind_text64(handle_, parameter, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  return *this;
}

Statement& Statement::BindNull(int parameter) {
  if (handle_ != nullptr) Note(sqlite3_bind_null(handle_, parameter));
  return *this;
}

Statement& Statement::BindBlob(int parameter, std::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  if (handle_ != nullptr) Note(sqlite3_bind_blob64(handle_, parameter, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

Result<bool> Statement::Step() {
  if (error_) return Unexpected(*error_);
  errno = 0;  // ErrorOf looks at it
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  auto error = connection_->ErrorOf(code);
  sqlite3_reset(handle_);
  return Unexpected(std::move(error));
}

Result<void> Statement::Run() {
  for (;;) {
    const auto row = Step();
    if (!row) return Unexpected(row.error());
    if (!*row) return {};
  }
}

void Statement::Reset() {
  if (handle_ != nullptr) sqlite3_reset(handle_);
}

std::int64_t Statement::Int(int column) const { return sqlite3_column_int64(handle_, column); }
double Statement::Double(int column) const { return sqlite3_column_double(handle_, column); }
bool Statement::IsNull(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::string_view Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return text == nullptr
             ? std::string_view{}
             : std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

std::string_view Statement::Blob(int column) const {
  const auto* blob = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return blob == nullptr
             ? std::string_view{}
             : std::string_view(blob, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)));
}

}  // namespace brood::sqlite
