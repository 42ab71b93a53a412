#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace brood::model {

/// Many texts, mostly short, in the order in which they came: one behind the other in a few pieces of memory,
/// so that a text costs a byte or five more than its own and no allocation. It grows and is cut at its end
/// only. Views into it stay good while it grows and when it is moved; iterators end with the next change.
class TextList {
  struct Piece {
    std::unique_ptr<char[]> bytes;
    std::size_t used = 0, size = 0;
  };

 public:
  class Iterator {
   public:
    // NOLINTBEGIN(readability-identifier-naming): the standard's names
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = std::string_view;
    // NOLINTEND(readability-identifier-naming)

    Iterator() = default;
    std::string_view operator*() const { return {at_ + HeadBytes(at_), TextBytes(at_)}; }
    Iterator& operator++() {
      at_ += HeadBytes(at_) + TextBytes(at_);
      if (--left_ > 0 && at_ == piece_->bytes.get() + piece_->used) at_ = (++piece_)->bytes.get();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    friend class TextList;
    Iterator(const Piece* piece, std::size_t left)
        : piece_(piece), at_(left == 0 ? nullptr : piece->bytes.get()), left_(left) {}

    const Piece* piece_ = nullptr;
    const char* at_ = nullptr;
    std::size_t left_ = 0;
  };
  using value_type = std::string_view;
  using iterator = Iterator;
  using const_iterator = Iterator;

  TextList() = default;
  TextList(std::initializer_list<std::string_view> texts);
  TextList(
      const std::vector<std::string>& texts);  // NOLINT(google-explicit-constructor): so lists are assigned
  TextList(const TextList& other);
  TextList(TextList&& other) noexcept { swap(other); }
  TextList& operator=(TextList other) noexcept {
    swap(other);
    return *this;
  }
  ~TextList() = default;
  void swap(TextList& other) noexcept;

  void push_back(std::string_view text);
  /// Where a text of at most `most` bytes may be written, and kSlack bytes more; Commit makes it the last text.
  [[nodiscard]] char* Prepare(std::size_t most) {
    head_ = most < kLong ? 1 : kLongHead;
    const std::size_t needed = head_ + most + kSlack;
    if (pieces_.empty() || pieces_.back().size - pieces_.back().used < needed) AddPiece(needed);
    return pieces_.back().bytes.get() + pieces_.back().used + head_;
  }
  std::string_view Commit(std::size_t size);
  static constexpr std::size_t kSlack = 16;

  /// Keeps the first `count` texts, which must be there.
  void CutTo(std::size_t count);
  void clear() { *this = {}; }

  [[nodiscard]] Iterator begin() const { return {pieces_.data(), count_}; }
  [[nodiscard]] Iterator end() const { return {}; }
  [[nodiscard]] std::string_view front() const { return *begin(); }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t text_bytes() const { return text_bytes_; }  ///< of all texts together
  bool operator==(const TextList& other) const;

 private:
  // Before each text its length: one byte, or kLong and four.
  static constexpr unsigned char kLong = 0xFF;
  static constexpr std::size_t kLongHead = 5;
  static bool IsLong(const char* at) { return static_cast<unsigned char>(*at) == kLong; }
  static std::size_t HeadBytes(const char* at) { return IsLong(at) ? kLongHead : 1; }
  static std::size_t TextBytes(const char* at) {
    if (!IsLong(at)) return static_cast<unsigned char>(*at);
    std::uint32_t size = 0;
    std::memcpy(&size, at + 1, sizeof(size));
    return size;
  }

  void AddPiece(std::size_t needed);

  std::vector<Piece> pieces_;  ///< none is empty but, after Prepare, the last
  std::size_t count_ = 0, text_bytes_ = 0;
  std::size_t head_ = 1;  ///< of the text that was prepared
};

}  // namespace brood::model
