#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archive/reader.hpp"
#include "base/file.hpp"

namespace brood::archive::testing {

inline Options EveryKind() {
  Options options;
  options.kinds = {Kind::kTar, Kind::kTarBzip2, Kind::kTarGzip, Kind::kZip, Kind::kSevenZip};
  return options;
}

struct Read {
  std::vector<std::pair<std::string, std::string>> files;    ///< name, content
  std::vector<std::pair<std::string, std::string>> refused;  ///< name, why
  std::optional<ReadError> error;                            ///< what ended it
};

/// Everything of an archive that is in memory. A member that is too large is refused with the reader's
/// sentence.
inline Read ReadAll(std::string_view bytes, Options options = EveryKind()) {
  const TempDir dir;
  const auto file = dir / "archive";
  Read read;
  if (auto written = WriteFileDurably(file, bytes); !written) {
    read.error = ReadError{ReadError::Code::kUnreadable, written.error().what};
    return read;
  }
  auto reader = Reader::Open(file, std::move(options));
  if (!reader) {
    read.error = reader.error();
    return read;
  }
  for (;;) {
    auto member = reader->Next();
    if (!member) read.error = member.error();
    if (!member || !*member) return read;
    if (!(*member)->refused.empty()) {
      read.refused.emplace_back((*member)->name, (*member)->refused);
      continue;
    }
    std::string content;
    for (;;) {
      const auto piece = reader->Read();
      if (!piece && piece.error().code != ReadError::Code::kMemberTooLarge) {
        read.error = piece.error();
        return read;
      }
      if (!piece) read.refused.emplace_back((*member)->name, piece.error().what);
      if (!piece) break;
      if (piece->empty()) {
        read.files.emplace_back((*member)->name, std::move(content));
        break;
      }
      content += *piece;
    }
  }
}

}  // namespace brood::archive::testing
