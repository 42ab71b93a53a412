#include "store/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace brood::store {
namespace {

constexpr std::size_t kShownBytes = 80;

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

tl::unexpected<StoreError> Refuse(std::string what) {
  return Unexpected(StoreError{Errc::kInvalid, std::move(what)});
}

/// `text` for an error message: short, UTF-8, one line.
std::string Shown(std::string_view text) {
  std::string shown = MakeUtf8(Shorten(text, kShownBytes));
  std::ranges::replace_if(shown, IsControl, '?');
  return shown;
}

Result<void> CheckScore(std::string_view what, std::string_view id, double score) {
  if (std::isfinite(score)) return {};
  return Refuse(fmt::format("the score of the {} {} is not a number", what, Shown(id)));
}

}  // namespace

Result<void> CheckId(std::string_view what, std::string_view id) {
  if (id.empty()) return Refuse(fmt::format("a {} is empty", what));
  if (id.size() > kMaxIdBytes) {
    return Refuse(
        fmt::format("the {} {} has {} bytes, at most {} fit", what, Shown(id), id.size(), kMaxIdBytes));
  }
  if (std::ranges::any_of(id, IsControl)) {
    return Refuse(fmt::format("the {} {} has a control character", what, Shown(id)));
  }
  if (!IsUtf8(id)) return Refuse(fmt::format("the {} {} is not UTF-8", what, Shown(id)));
  return {};
}

Result<void> Check(const model::Submission& record) {
  return CheckId("submission's id", record.id.Get()).and_then([&] {
    return CheckScore("submission", record.id.Get(), record.score);
  });
}

Result<void> Check(const HashRecord& record) {
  if (auto fine = CheckId("sample's SHA-256", record.sha256.Get()); !fine) return fine;
  if (record.counter > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return Refuse(fmt::format("the counter of the hash {} is too large", Shown(record.sha256.Get())));
  }
  if (record.submission.Get().empty()) return {};  // given back
  return CheckId("submission's id", record.submission.Get());
}

Result<void> Check(const StoredReport& report) { return CheckId("report's id", report.id); }

Result<void> Check(const BlacklistEntry& entry) {
  if (auto fine = CheckId("blacklist entry's type", entry.type); !fine) return fine;
  if (entry.value.empty()) return Refuse(fmt::format("a blacklist entry of type {} has no value", entry.type));
  if (!IsUtf8(entry.value)) {
    return Refuse(
        fmt::format("the blacklist value {} of type {} is not UTF-8", Shown(entry.value), entry.type));
  }
  return CheckScore("blacklist entry", entry.value, entry.score);
}

Result<void> Check(const WhitelistEntry& entry) { return CheckId("whitelist entry", entry.value); }

Result<void> Check(const DeadLetter& letter) { return CheckId("dead letter's key", letter.key); }

Result<void> CheckFeed(std::string_view category, std::span<const std::string> entries,
                       std::string_view source) {
  if (auto fine = CheckId("feed's category", category); !fine) return fine;
  if (auto fine = CheckId("feed's source", source); !fine) return fine;
  for (const std::string& entry : entries) {
    if (auto fine = CheckId("feed's entry", entry); !fine) return fine;
  }
  return {};
}

}  // namespace brood::store
