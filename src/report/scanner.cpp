#include "report/scanner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace brood::report {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

constexpr std::size_t kMostOfPlainText = 256;

std::uint64_t BitsAbove(unsigned at) { return at == 63 ? 0 : kAll << (at + 1); }

/// JSON's blanks, and the two more that TrimAscii takes off a scalar: what is nothing there is nothing here.
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the buffers are written before they are read.
Scanner::Scanner(Walker& walker, const Limits& limits, MaskFunction masks)
    : walker_(walker), limits_(limits), mask_(masks) {}

void Scanner::Feed(std::string_view chunk) {
  if (rest_size_ > 0) Fill(chunk);
  if (done_) return Tail(chunk);
  const std::size_t blocks = chunk.size() / kBlockBytes;
  if (blocks > 0) Segment(chunk.data(), blocks);
  chunk.remove_prefix(blocks * kBlockBytes);
  if (done_) return Tail(chunk);
  if (chunk.empty()) return;
  std::memcpy(rest_.data() + rest_size_, chunk.data(), chunk.size());
  rest_size_ += chunk.size();
}

/// Completes the block begun by the chunk before.
void Scanner::Fill(std::string_view& chunk) {
  const std::size_t taken = std::min(chunk.size(), kBlockBytes - rest_size_);
  std::memcpy(rest_.data() + rest_size_, chunk.data(), taken);
  rest_size_ += taken;
  chunk.remove_prefix(taken);
  if (rest_size_ < kBlockBytes) return;
  rest_size_ = 0;
  Segment(rest_.data(), 1);
}

void Scanner::Finish() {
  if (rest_size_ == 0 || done_) return;
  std::fill(rest_.begin() + static_cast<std::ptrdiff_t>(rest_size_), rest_.end(), ' ');
  rest_size_ = 0;
  Segment(rest_.data(), 1);
}

void Scanner::Segment(const char* data, std::size_t blocks) {
  segment_ = mark_ = data;
  const char* const end = segment_end_ = data + blocks * kBlockBytes;
  while (data != end) {
    const std::size_t count = std::min(blocks, kBatchBlocks);
    mask_(data, count, carry_, batch_.data());
    for (std::size_t i = 0; i < count; ++i, data += kBlockBytes) {
      if (Block(data, batch_[i])) continue;
      done_ = true;
      return Tail({mark_, static_cast<std::size_t>(end - mark_)});
    }
    blocks -= count;
  }
  EndSegment(end);
}

/// False at the document's end.
bool Scanner::Block(const char* block, const BlockMasks& masks) {
  std::uint64_t left = kAll;  // of the block, not yet gone through
  for (bool whole = false; !whole;) {
    switch (walker_.move()) {
      case Walker::Move::kWalk:
        whole = Walk(block, masks, left);
        break;
      case Walker::Move::kSkip:
        whole = Skip(block, masks, left);
        break;
      case Walker::Move::kSeek:
        whole = Seek(block, masks, left);
        break;
      case Walker::Move::kDone:
        return false;
    }
  }
  previous_quotes_ = masks.quotes & masks.strings;
  return walker_.move() != Walker::Move::kDone;
}

bool Scanner::Walk(const char* block, const BlockMasks& masks, std::uint64_t& left) {
  const std::uint64_t all = masks.quotes | masks.opens | masks.closes | masks.separators;
  for (std::uint64_t bits = all & left; bits != 0; bits &= bits - 1) {
    const auto at = static_cast<unsigned>(std::countr_zero(bits));
    Structural(block + at);
    if (walker_.move() == Walker::Move::kWalk) continue;
    left = BitsAbove(at);
    return false;
  }
  return true;
}

bool Scanner::Skip(const char* block, const BlockMasks& masks, std::uint64_t& left) {
  if (left == kAll && depth_ > masks.close_count) {
    Deeper(masks.open_count, masks.close_count);
    return true;
  }
  for (std::uint64_t bits = (masks.opens | masks.closes) & left; bits != 0; bits &= bits - 1) {
    const auto at = static_cast<unsigned>(std::countr_zero(bits));
    if (Bracket(block + at, masks.opens >> at)) continue;
    left = BitsAbove(at);
    return false;
  }
  return true;
}

bool Scanner::Seek(const char* block, const BlockMasks& masks, std::uint64_t& left) {
  const std::string_view key = walker_.only_key();
  const auto length = static_cast<unsigned>(key.size()) + 1;
  const std::uint64_t begins = masks.quotes & masks.strings;
  const std::uint64_t ends = masks.quotes & ~masks.strings;
  // Closing quotes of strings as long as the key.
  const std::uint64_t found = ends & (begins << length | previous_quotes_ >> (kBlockBytes - length));
  const std::uint64_t at_least = depth_ - std::min<std::uint64_t>(depth_, masks.close_count);
  if (left == kAll && at_least > (found == 0 ? 0U : 1U)) {
    Deeper(masks.open_count, masks.close_count);
    return true;
  }
  for (std::uint64_t bits = (masks.opens | masks.closes | found) & left; bits != 0; bits &= bits - 1) {
    const auto at = static_cast<unsigned>(std::countr_zero(bits));
    if ((found >> at & 1U) == 0) {
      if (depth_ == 1 && GoToNextItem(block, at)) {
        bits &= bits - 1;  // its opening bracket
        continue;
      }
      if (Bracket(block + at, masks.opens >> at)) continue;
    } else {
      if (depth_ != 1 || !IsKey(block + at, key)) continue;
      if (const auto text = PlainTextAfter(block + at + 1, key)) {
        walker_.TextFound(*text);
        continue;
      }
      walker_.KeyFound();
      mark_ = block + at + 1;
    }
    left = BitsAbove(at);
    return false;
  }
  return true;
}

/// The whole text that a key has, if that is plain to see here. One that is the key's own word is not: its end
/// would be taken for the key's.
std::optional<std::string_view> Scanner::PlainTextAfter(const char* key_end, std::string_view key) const {
  const std::string_view rest(key_end, std::min<std::size_t>(segment_end_ - key_end, kMostOfPlainText));
  const std::size_t begin = rest.starts_with(": \"") ? 3 : rest.starts_with(":\"") ? 2 : rest.size();
  const std::size_t end = rest.find('"', begin);
  if (end == rest.npos || end + 1 == rest.size() || (rest[end + 1] != ',' && rest[end + 1] != '}')) return {};
  const std::string_view text = rest.substr(begin, end - begin);
  if (text == key || text.find('\\') != text.npos) return {};
  return text;
}

/// Whether the bracket there closed an item, and the walker is in the next one of its kind, which opens in this
/// block.
bool Scanner::GoToNextItem(const char* block, unsigned close) {
  const std::string_view rest(block + close, kBlockBytes - close);
  return (rest.starts_with("}, {") || rest.starts_with("},{")) && walker_.NextItem();
}

/// One bracket in a part that is skipped; `open` has bit 0 set for an opening one. False if it ends that part.
bool Scanner::Bracket(const char* at, std::uint64_t open) {
  if ((open & 1U) != 0) {
    Deeper(1, 0);
    return true;
  }
  if (--depth_ > 0) return true;
  Structural(at);
  return false;
}

void Scanner::Deeper(std::uint32_t opened, std::uint32_t closed) {
  depth_ += opened;
  if (depth_ > limits_.max_nesting && !deep_) {
    deep_ = true;
    walker_.TooDeep();
  }
  depth_ -= closed;
}

void Scanner::Structural(const char* at) {
  if (!walker_.WantsText()) {
    walker_.On(*at, {});
  } else if (token_.empty()) {
    walker_.On(*at, {mark_, static_cast<std::size_t>(at - mark_)});
  } else {
    Keep(at);
    walker_.On(*at, token_);
  }
  token_.clear();
  mark_ = at + 1;
  depth_ = 1;
}

/// Adds the bytes up to `end` to the token in hand: no more than show that it is too long. Outside texts,
/// blanks in front are nothing, however many.
void Scanner::Keep(const char* end) {
  const char* const begin = token_.empty() && !walker_.InText() ? std::find_if_not(mark_, end, IsBlank) : mark_;
  const std::size_t room = std::max(limits_.max_token_bytes, limits_.max_field_bytes) + 1 - token_.size();
  const char* const kept = begin + std::min(room, static_cast<std::size_t>(end - begin));
  token_.append(begin, kept);
  if (!walker_.InText() && std::find_if_not(kept, end, IsBlank) != end) token_.back() = '?';  // and no blank
}

void Scanner::EndSegment(const char* end) {
  if (walker_.WantsText()) Keep(end);
  std::memcpy(last_.data(), end - kBlockBytes, kBlockBytes);
}

/// Whether the string that ends at `closing_quote` is the key; it may have begun in the segment before.
bool Scanner::IsKey(const char* closing_quote, std::string_view key) const {
  const auto here = static_cast<std::size_t>(closing_quote - segment_);
  if (here >= key.size()) return std::string_view(closing_quote - key.size(), key.size()) == key;
  const std::size_t before = key.size() - here;
  return std::string_view(last_.data() + kBlockBytes - before, before) == key.substr(0, before) &&
         std::string_view(segment_, here) == key.substr(before);
}

void Scanner::Tail(std::string_view rest) {
  tail_bytes_ +=
      static_cast<std::uint64_t>(std::count_if(rest.begin(), rest.end(), [](char c) { return !IsBlank(c); }));
}

}  // namespace brood::report
