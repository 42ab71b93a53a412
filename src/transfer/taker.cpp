#include "transfer/taker.hpp"

#include <algorithm>

namespace brood::transfer {
namespace {

using store::BlacklistEntry;
using store::HashRecord;
using store::Lists;
using store::Result;
using store::WhitelistEntry;

constexpr std::size_t kTogether = 500;

}  // namespace

Result<void> Taker::Take(Record record) {
  return std::visit([this](auto&& one) { return TakeOne(std::forward<decltype(one)>(one)); },
                    std::move(record));
}

Result<void> Taker::Finish() {
  return WriteHashes()
      .and_then([this] { return GiveBackWaiting(); })
      .and_then([this] { return WriteBlacklist(); })
      .and_then([this] { return WriteFeeds(); });
}

Result<void> Taker::TakeOne(Other other) {
  ++counts_.left[other.index];
  return {};
}

Result<void> Taker::TakeOne(Waiting sample) {
  ++counts_.waiting;
  if (store_ != nullptr) waiting_.push_back(std::move(sample.sha256));
  return {};
}

/// Only what the import has claimed; a submission of ours that analyses the sample meanwhile keeps it.
Result<void> Taker::GiveBackWaiting() {
  for (const model::SampleHash& sha256 : waiting_) {
    auto released = store_->Hashes().Release(sha256, store::ImportedClaim(sha256));
    if (!released) return released;
  }
  waiting_.clear();
  return {};
}

Result<void> Taker::TakeOne(HashRecord record) {
  ++counts_.hashes.read;
  if (store_ == nullptr) return {};
  hashes_.push_back(std::move(record));
  return hashes_.size() < kTogether ? Result<void>() : WriteHashes();
}

Result<void> Taker::WriteHashes() {
  if (hashes_.empty()) return {};
  auto changed = store_->Hashes().Import(hashes_);
  if (!changed) return Unexpected(std::move(changed.error()));
  counts_.hashes.taken += *changed;
  hashes_.clear();
  return {};
}

/// Whether an entry stands is looked at one by one: who imports waits once, and nobody's reasons are lost.
Result<void> Taker::TakeOne(BlacklistEntry entry) {
  ++counts_.blacklist.read;
  if (store_ == nullptr) return {};
  auto standing = store_->Blacklist().Get(entry.type, entry.value);
  if (!standing) return Unexpected(std::move(standing.error()));
  if (*standing) return {};
  blacklist_.push_back(std::move(entry));
  return blacklist_.size() < kTogether ? Result<void>() : WriteBlacklist();
}

Result<void> Taker::WriteBlacklist() {
  if (blacklist_.empty()) return {};
  if (auto written = store_->Blacklist().Upsert(blacklist_); !written) return written;
  counts_.blacklist.taken += blacklist_.size();
  blacklist_.clear();
  return {};
}

Result<void> Taker::TakeOne(WhitelistEntry entry) {
  ++counts_.whitelist.read;
  if (store_ == nullptr) return {};
  if (!whitelist_read_) {
    const auto standing = store_->Lists().Whitelist();
    if (!standing) return Unexpected(standing.error());
    for (const WhitelistEntry& one : *standing) whitelisted_.emplace(one.kind, one.value);
    whitelist_read_ = true;
  }
  if (!whitelisted_.emplace(entry.kind, entry.value).second) return {};
  if (auto put = store_->Lists().PutWhitelist(entry); !put) return put;
  ++counts_.whitelist.taken;
  return {};
}

Result<void> Taker::TakeOne(Lists::Feed feed) {
  counts_.third_party.read += feed.entries.size();
  if (store_ == nullptr) return {};
  auto& entries = feeds_[{feed.category, feed.source}];
  for (std::string& entry : feed.entries) entries.insert(std::move(entry));
  return {};
}

Result<void> Taker::WriteFeeds() {
  if (feeds_.empty()) return {};
  const auto standing = store_->Lists().Feeds();
  if (!standing) return Unexpected(standing.error());
  for (const auto& [name, entries] : feeds_) {
    const bool stands = std::ranges::any_of(*standing, [&name = name](const Lists::Feed& feed) {
      return feed.category == name.first && feed.source == name.second;
    });
    if (stands) continue;
    const std::vector<std::string> list(entries.begin(), entries.end());
    if (auto put = store_->Lists().ReplaceFeed(name.first, list, name.second); !put) return put;
    counts_.third_party.taken += list.size();
  }
  feeds_.clear();
  return {};
}

}  // namespace brood::transfer
