#include "stages/parse_and_submit/crits_dropped.hpp"

#include <fmt/format.h>

#include "archive/member_name.hpp"
#include "archive/reader.hpp"
#include "base/digest.hpp"
#include "base/md5.hpp"
#include "base/text.hpp"
#include "stages/parse_and_submit/crits_plan.hpp"
#include "stages/parse_and_submit/scratch_file.hpp"

namespace brood::stages::parse_and_submit {
namespace {

constexpr std::size_t kMostSentences = 10;
constexpr std::size_t kShownName = 100;

void Say(DroppedFiles& dropped, std::string sentence) {
  if (dropped.log.size() < kMostSentences) return dropped.log.push_back(std::move(sentence));
  if (dropped.log.size() == kMostSentences) dropped.log.emplace_back("and more");
}

/// Cuckoo 2.x puts the front of the content's SHA-256 before the name: "0123456789abcdef_name".
std::string NameOf(std::string_view member, std::string_view sha256) {
  constexpr std::size_t kFront = 16;
  const std::string_view last = archive::LastPart(member);
  const bool has_front =
      last.size() > kFront + 1 && last[kFront] == '_' && last.substr(0, kFront) == sha256.substr(0, kFront);
  return std::string(has_front ? last.substr(kFront + 1) : last);
}

Expected<bool, Error> Fetch(sandbox::Node& node, model::TaskId task, std::size_t max_bytes, ScratchFile& file,
                            DroppedFiles& dropped, const stage::Turn& turn) {
  Expected<void, Error> kept;
  const auto got = node.Dropped(
      task, max_bytes,
      [&](std::string_view bytes) {
        if (kept) kept = file.Append(bytes);
      },
      turn.stop);
  if (!kept) return Unexpected(kept.error());
  if (got) return true;
  if (got.error().code == sandbox::Errc::kNotFound) return false;
  if (got.error().code != sandbox::Errc::kBadAnswer) return Unexpected(sandbox::ToError(got.error()));
  Say(dropped, "the dropped files cannot be fetched: " + got.error().what);
  return false;
}

}  // namespace

struct DroppedUpload::File {
  std::string name, md5, sha256;
  std::uint64_t size = 0;
  std::string content;  ///< as far as it may be uploaded at all
  std::string skipped;  ///< why it is not
};

namespace {

/// The whole member. What is too large for CRITs is only counted and hashed.
auto ReadMember(archive::Reader& reader, const archive::Member& member, std::size_t max_sample, auto& file)
    -> Expected<void, archive::ReadError> {
  Md5 md5;
  Sha256 sha256;
  for (;;) {
    const auto piece = reader.Read();
    if (!piece && piece.error().code != archive::ReadError::Code::kMemberTooLarge)
      return Unexpected(piece.error());
    if (!piece) file.skipped = "too large: " + piece.error().what;
    if (!piece || piece->empty()) break;
    md5.Update(*piece);
    sha256.Update(*piece);
    file.size += piece->size();
    if (max_sample != 0 && file.size > max_sample)
      file.content.clear();
    else
      file.content += *piece;
  }
  if (file.skipped.empty()) {
    file.md5 = md5.FinishHex();
    if (max_sample != 0 && file.size > max_sample) file.skipped = fmt::format("too large: {} bytes", file.size);
  }
  file.sha256 = sha256.FinishHex();
  file.name = NameOf(member.name, file.sha256);
  return {};
}

}  // namespace

Expected<DroppedFiles, Error> DroppedUpload::Run(const crits::Analysis& analysis, model::TaskId task,
                                                 sandbox::Node& node, const stage::Turn& turn) {
  DroppedFiles dropped;
  auto scratch = ScratchFile::In(settings_.scratch);
  if (!scratch) return Unexpected(scratch.error());
  const auto fetched = Fetch(node, task, settings_.max_archive, *scratch, dropped, turn);
  if (!fetched) return Unexpected(fetched.error());
  if (!*fetched) return dropped;
  archive::Options options;
  options.kinds = {archive::Kind::kTarBzip2, archive::Kind::kTarGzip, archive::Kind::kTar, archive::Kind::kZip};
  options.limits = settings_.limits;
  auto reader = archive::Reader::Open(scratch->Path(), std::move(options));
  const auto unreadable = [&](const archive::ReadError& error) {
    Say(dropped, "the dropped files cannot all be read: " + error.what);
    return dropped;
  };
  if (!reader) return unreadable(reader.error());
  for (;;) {
    const auto member = reader->Next();
    if (!member) return unreadable(member.error());
    if (!*member) return dropped;
    if (!(*member)->refused.empty()) {
      Say(dropped,
          fmt::format("'{}' is left out: {}", Shorten((*member)->name, kShownName), (*member)->refused));
      continue;
    }
    File file;
    if (auto read = ReadMember(*reader, **member, settings_.max_sample, file); !read)
      return unreadable(read.error());
    if (auto taken = Take(analysis, file, dropped, turn); !taken) return Unexpected(taken.error());
  }
}

Expected<void, Error> DroppedUpload::Take(const crits::Analysis& analysis, const File& file,
                                          DroppedFiles& dropped, const stage::Turn& turn) {
  if (file.size == 0) {
    Say(dropped, fmt::format("'{}' is left out: it is empty", Shorten(file.name, kShownName)));
    return {};
  }
  std::string skipped = file.skipped;
  if (skipped.empty()) {
    auto given = Give(analysis, file, turn);
    if (!given) return Unexpected(given.error());
    skipped = std::move(*given);
  }
  dropped.items.push_back(crits::DroppedFile(file.name, file.md5, skipped));
  return {};
}

/// Why CRITs does not take it; "" if it did.
Expected<std::string, Error> DroppedUpload::Give(const crits::Analysis& analysis, const File& file,
                                                 const stage::Turn& turn) {
  const std::string key = KeyOfSample(analysis, file.sha256, file.name);
  const auto begun = effects_.Begin(key, turn.now);
  if (!begun) return Unexpected(store::ToError(begun.error()));
  if (*begun == store::Begun::kDone) return "";
  const auto id = crits_.AddSample(analysis, {file.name, file.content}, turn.stop);
  if (!id && id.error().code == crits::Errc::kRefused) return id.error().what;
  if (!id) return Unexpected(crits::ToError(id.error()));
  if (!id->empty()) {
    if (const auto related = crits_.Relate(analysis, *id, turn.stop); !related) {
      if (related.error().code != crits::Errc::kRefused) return Unexpected(crits::ToError(related.error()));
      return "not related: " + related.error().what;
    }
  }
  if (auto done = effects_.Finish(key, turn.now); !done) return Unexpected(store::ToError(done.error()));
  return "";
}

}  // namespace brood::stages::parse_and_submit
