#include "archive/reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "archive/member_name.hpp"
#include "archive/utf8_locale.hpp"
#include "base/utf8.hpp"

namespace brood::archive {
namespace {

using Code = ReadError::Code;

constexpr std::size_t kPiece = std::size_t{64} << 10U;

struct Free {
  void operator()(::archive* handle) const { ::archive_read_free(handle); }
};

tl::unexpected<ReadError> Fail(Code code, std::string what) {
  return Unexpected(ReadError{code, std::move(what)});
}

/// The first bytes of the file, for KindOf.
Expected<std::string, ReadError> HeadOf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Fail(Code::kUnreadable, fmt::format("the archive {} cannot be opened", file.string()));
  std::string head(512, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  return head;
}

/// Exactly one format behind exactly one packing: libarchive's own guessing would unpack what was packed
/// twenty times over.
int Prepare(::archive* handle, Kind kind) {
  switch (kind) {
    case Kind::kTarBzip2:
      if (const int code = ::archive_read_append_filter(handle, ARCHIVE_FILTER_BZIP2); code != ARCHIVE_OK)
        return code;
      return ::archive_read_support_format_tar(handle);
    case Kind::kTarGzip:
      if (const int code = ::archive_read_append_filter(handle, ARCHIVE_FILTER_GZIP); code != ARCHIVE_OK)
        return code;
      return ::archive_read_support_format_tar(handle);
    case Kind::kTar:
      return ::archive_read_support_format_tar(handle);
    case Kind::kZip:
      return ::archive_read_support_format_zip(handle);
    case Kind::kSevenZip:
      return ::archive_read_support_format_7zip(handle);
  }
  return ARCHIVE_FATAL;
}

std::string NameOf(::archive_entry* entry) {
  const char* name = ::archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = ::archive_entry_pathname(entry);
  return name == nullptr ? "" : MakeUtf8(name);
}

bool IsFolder(::archive_entry* entry) {
  return ::archive_entry_filetype(entry) == AE_IFDIR && ::archive_entry_hardlink(entry) == nullptr;
}

std::string WhyNoFile(::archive_entry* entry) {
  if (::archive_entry_hardlink(entry) != nullptr) return "it is a link";
  switch (::archive_entry_filetype(entry)) {
    case AE_IFREG:
    case 0:  // zips may leave it open
      return "";
    case AE_IFLNK:
      return "it is a link";
    default:
      return "it is no regular file";
  }
}

}  // namespace

struct Reader::State {
  std::unique_ptr<::archive, Free> handle{::archive_read_new()};
  Options options;
  Kind kind = Kind::kTar;
  std::uint64_t packed = 0, unpacked = 0, members = 0;
  std::uint64_t of_member = 0;
  bool in_member = false;
  std::vector<char> piece = std::vector<char>(kPiece);

  [[nodiscard]] tl::unexpected<ReadError> Damaged() const {
    const char* why = ::archive_error_string(handle.get());
    return Fail(Code::kDamaged, fmt::format("the {} archive cannot be read: {}", Name(kind),
                                            why == nullptr ? "it is damaged" : why));
  }

  [[nodiscard]] std::optional<ReadError> OverLimit() const {
    const Limits& limits = options.limits;
    if (members > limits.max_members) {
      return ReadError{Code::kTooMuch,
                       fmt::format("the archive holds more than {} members", limits.max_members)};
    }
    if (unpacked > limits.max_total_bytes) {
      return ReadError{Code::kTooMuch,
                       fmt::format("the archive unpacks to more than {} bytes", limits.max_total_bytes)};
    }
    if (unpacked > limits.ratio_free && unpacked / limits.max_ratio > packed) {
      return ReadError{Code::kTooMuch,
                       fmt::format("the archive unpacks to more than {} times its size", limits.max_ratio)};
    }
    return std::nullopt;
  }

  Expected<std::string_view, ReadError> Piece() {
    const la_ssize_t got = ::archive_read_data(handle.get(), piece.data(), piece.size());
    if (got < 0) return Damaged();
    in_member = got > 0;
    unpacked += static_cast<std::uint64_t>(got);
    of_member += static_cast<std::uint64_t>(got);
    if (auto over = OverLimit()) return Unexpected(std::move(*over));
    return std::string_view(piece.data(), static_cast<std::size_t>(got));
  }

  /// To the end of the member in hand. By reading, because libarchive's own skipping unpacks without count.
  Expected<void, ReadError> PassOver() {
    while (in_member) {
      if (auto bytes = Piece(); !bytes) return Unexpected(std::move(bytes.error()));
    }
    return {};
  }
};

Error ToError(const ReadError& error) {
  return error.code == Code::kUnreadable ? Transient(error.what) : Permanent(error.what);
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Expected<Reader, ReadError> Reader::Open(const std::filesystem::path& file, Options options) {
  const Utf8Locale locale;
  const auto head = HeadOf(file);
  if (!head) return Unexpected(head.error());
  const auto kind = KindOf(*head);
  if (!kind || std::ranges::find(options.kinds, *kind) == options.kinds.end()) {
    return Fail(Code::kDamaged, kind ? fmt::format("a {} archive is not expected here", Name(*kind))
                                     : std::string("it is no archive that can be read"));
  }
  auto state = std::make_unique<State>();
  std::error_code failed;
  state->packed = std::filesystem::file_size(file, failed);
  state->options = std::move(options);
  state->kind = *kind;
  ::archive* const handle = state->handle.get();
  if (handle == nullptr || Prepare(handle, *kind) != ARCHIVE_OK) return state->Damaged();
  if (const Secret& password = state->options.password; !password.Empty()) {
    ::archive_read_add_passphrase(handle, password.Reveal().c_str());
  }
  if (::archive_read_open_filename(handle, file.c_str(), kPiece) != ARCHIVE_OK) return state->Damaged();
  return Reader(std::move(state));
}

Expected<std::optional<Member>, ReadError> Reader::Next() {
  const Utf8Locale locale;
  for (;;) {
    if (auto passed = state_->PassOver(); !passed) return Unexpected(std::move(passed.error()));
    ::archive_entry* entry = nullptr;
    const int code = ::archive_read_next_header(state_->handle.get(), &entry);
    if (code == ARCHIVE_EOF) return std::optional<Member>();
    if (code < ARCHIVE_WARN || entry == nullptr) return state_->Damaged();
    ++state_->members;
    if (auto over = state_->OverLimit()) return Unexpected(std::move(*over));
    state_->of_member = 0;
    state_->in_member = true;
    if (IsFolder(entry)) continue;
    Member member{NameOf(entry), WhyNoFile(entry)};
    if (member.refused.empty()) member.refused = WhyRefused(member.name, state_->options.limits);
    if (!member.refused.empty()) {
      if (auto passed = state_->PassOver(); !passed) return Unexpected(std::move(passed.error()));
    }
    return std::optional<Member>(std::move(member));
  }
}

Expected<std::string_view, ReadError> Reader::Read() {
  if (!state_->in_member) return std::string_view();
  auto bytes = state_->Piece();
  if (!bytes || state_->of_member <= state_->options.limits.max_member_bytes) return bytes;
  return Fail(Code::kMemberTooLarge,
              fmt::format("it unpacks to more than {} bytes", state_->options.limits.max_member_bytes));
}

std::uint64_t Reader::Unpacked() const { return state_->unpacked; }

}  // namespace brood::archive
