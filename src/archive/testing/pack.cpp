#include "archive/testing/pack.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <stdexcept>

#include "archive/utf8_locale.hpp"
#include "base/file.hpp"

namespace brood::archive::testing {
namespace {

struct Free {
  void operator()(::archive* handle) const { ::archive_write_free(handle); }
  void operator()(::archive_entry* entry) const { ::archive_entry_free(entry); }
};
using Handle = std::unique_ptr<::archive, Free>;

void Check(int code, ::archive* handle) {
  if (code < ARCHIVE_WARN) throw std::runtime_error(::archive_error_string(handle));
}

void SetKind(::archive* handle, Kind kind) {
  if (kind == Kind::kTarBzip2) Check(::archive_write_add_filter_bzip2(handle), handle);
  if (kind == Kind::kTarGzip) Check(::archive_write_add_filter_gzip(handle), handle);
  if (kind == Kind::kZip) return Check(::archive_write_set_format_zip(handle), handle);
  if (kind == Kind::kSevenZip) return Check(::archive_write_set_format_7zip(handle), handle);
  Check(::archive_write_set_format_gnutar(handle), handle);
}

void Add(::archive* handle, const std::string& name, std::string_view content) {
  const std::unique_ptr<::archive_entry, Free> entry(::archive_entry_new());
  ::archive_entry_set_pathname(entry.get(), name.c_str());
  ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_perm(entry.get(), 0644);
  Check(::archive_write_header(handle, entry.get()), handle);
  if (!content.empty() && ::archive_write_data(handle, content.data(), content.size()) < 0) {
    throw std::runtime_error(::archive_error_string(handle));
  }
}

std::string Written(const Handle& handle, const TempDir& dir, const auto& fill) {
  const std::string file = (dir / "packed").string();
  Check(::archive_write_open_filename(handle.get(), file.c_str()), handle.get());
  fill();
  Check(::archive_write_close(handle.get()), handle.get());
  return ReadFile(file).value();
}

}  // namespace

std::string Pack(Kind kind, const Contents& contents, const std::string& password) {
  const Utf8Locale locale;
  const TempDir dir;
  const Handle handle(::archive_write_new());
  SetKind(handle.get(), kind);
  if (!password.empty()) {
    Check(::archive_write_set_options(handle.get(), "zip:encryption=aes256"), handle.get());
    Check(::archive_write_set_passphrase(handle.get(), password.c_str()), handle.get());
  }
  return Written(handle, dir, [&] {
    for (const auto& [name, content] : contents) Add(handle.get(), name, content);
  });
}

std::string PackBytes(Kind kind, std::string_view bytes) {
  const TempDir dir;
  const Handle handle(::archive_write_new());
  if (kind == Kind::kTarBzip2) Check(::archive_write_add_filter_bzip2(handle.get()), handle.get());
  if (kind == Kind::kTarGzip) Check(::archive_write_add_filter_gzip(handle.get()), handle.get());
  Check(::archive_write_set_format_raw(handle.get()), handle.get());
  Check(::archive_write_set_bytes_in_last_block(handle.get(), 1), handle.get());
  return Written(handle, dir, [&] { Add(handle.get(), "raw", bytes); });
}

}  // namespace brood::archive::testing
