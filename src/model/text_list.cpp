#include "model/text_list.hpp"

#include <algorithm>
#include <utility>

namespace brood::model {
namespace {

constexpr std::size_t kFirstPiece = 1U << 10U, kLargestPiece = 256U << 10U;

}  // namespace

TextList::TextList(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) push_back(text);
}

TextList::TextList(const std::vector<std::string>& texts) {
  for (const std::string_view text : texts) push_back(text);
}

TextList::TextList(const TextList& other) : count_(other.count_), text_bytes_(other.text_bytes_) {
  for (const Piece& piece : other.pieces_) {
    if (piece.used == 0) continue;
    pieces_.push_back({std::make_unique_for_overwrite<char[]>(piece.used), piece.used, piece.used});
    std::memcpy(pieces_.back().bytes.get(), piece.bytes.get(), piece.used);
  }
}

void TextList::swap(TextList& other) noexcept {
  pieces_.swap(other.pieces_);
  std::swap(count_, other.count_);
  std::swap(text_bytes_, other.text_bytes_);
  std::swap(head_, other.head_);
}

void TextList::push_back(std::string_view text) {
  char* const at = Prepare(text.size());
  std::copy(text.begin(), text.end(), at);
  Commit(text.size());
}

void TextList::AddPiece(std::size_t needed) {
  const std::size_t usual = pieces_.empty() ? kFirstPiece : std::min(2 * pieces_.back().size, kLargestPiece);
  if (!pieces_.empty() && pieces_.back().used == 0) pieces_.pop_back();  // prepared, never committed
  const std::size_t size = std::max(usual, needed);
  pieces_.push_back({std::make_unique_for_overwrite<char[]>(size), 0, size});
}

std::string_view TextList::Commit(std::size_t size) {
  Piece& piece = pieces_.back();
  char* const head = piece.bytes.get() + piece.used;
  if (head_ == 1) {
    *head = static_cast<char>(size);
  } else {
    const auto length = static_cast<std::uint32_t>(size);
    *head = static_cast<char>(kLong);
    std::memcpy(head + 1, &length, sizeof(length));
  }
  piece.used += head_ + size;
  text_bytes_ += size;
  ++count_;
  return {head + head_, size};
}

void TextList::CutTo(std::size_t count) {
  if (count == 0) return clear();
  Iterator at = begin();
  std::size_t bytes = (*at).size();
  for (std::size_t kept = 1; kept < count; ++kept) bytes += (*++at).size();
  const char* const end = (*at).data() + (*at).size();
  const auto last = static_cast<std::size_t>(at.piece_ - pieces_.data());
  pieces_.resize(last + 1);
  pieces_[last].used = static_cast<std::size_t>(end - pieces_[last].bytes.get());
  count_ = count;
  text_bytes_ = bytes;
}

bool TextList::operator==(const TextList& other) const {
  return count_ == other.count_ && text_bytes_ == other.text_bytes_ &&
         std::equal(begin(), end(), other.begin());
}

}  // namespace brood::model
