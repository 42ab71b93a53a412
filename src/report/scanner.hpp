#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "report/limits.hpp"
#include "report/masks.hpp"
#include "report/walker.hpp"

namespace brood::report {

/// Finds the structural characters of JSON in bytes that come in pieces, 64 at a time, and leads a walker from
/// one to the next, over what it does not want by counting brackets. Strings and escapes are told apart for
/// every byte, so that a bracket inside a string is never taken for one.
///
/// Three ways through a block, chosen by Walker::Move: Walk, Skip, Seek. Bytes are used where they lie; only
/// what is cut by the end of a piece is copied: the rest of a block, and the token in hand if the walker wants
/// it.
class Scanner {
 public:
  /// The first byte fed must be the document's opening bracket.
  Scanner(Walker& walker, const Limits& limits, MaskFunction masks);

  void Feed(std::string_view chunk);
  /// After the last byte.
  void Finish();

  [[nodiscard]] bool done() const { return done_; }
  /// Bytes behind the document's end that are no blanks.
  [[nodiscard]] std::uint64_t tail_bytes() const { return tail_bytes_; }

 private:
  static constexpr std::size_t kBatchBlocks = 64;

  void Fill(std::string_view& chunk);
  void Segment(const char* data, std::size_t blocks);
  bool Block(const char* block, const BlockMasks& masks);
  bool Walk(const char* block, const BlockMasks& masks, std::uint64_t& left);
  bool Skip(const char* block, const BlockMasks& masks, std::uint64_t& left);
  bool Seek(const char* block, const BlockMasks& masks, std::uint64_t& left);
  bool Bracket(const char* at, std::uint64_t open);
  [[nodiscard]] std::optional<std::string_view> PlainTextAfter(const char* key_end, std::string_view key) const;
  bool GoToNextItem(const char* block, unsigned close);
  void Structural(const char* at);
  void Keep(const char* end);
  [[nodiscard]] bool IsKey(const char* closing_quote, std::string_view key) const;
  void EndSegment(const char* end);
  void Deeper(std::uint32_t opened, std::uint32_t closed);
  void Tail(std::string_view rest);

  Walker& walker_;
  Limits limits_;
  MaskFunction mask_;
  MaskCarry carry_;
  std::array<BlockMasks, kBatchBlocks> batch_;

  std::array<char, kBlockBytes> rest_;  ///< of the input: less than a block
  std::size_t rest_size_ = 0;

  const char* segment_ = nullptr;  ///< the bytes in hand: the chunk, or rest_
  const char* segment_end_ = nullptr;
  const char* mark_ = nullptr;          ///< behind the last structural character, or the segment's begin
  std::string token_;                   ///< of the token in hand, what earlier segments had
  std::array<char, kBlockBytes> last_;  ///< the last block of the segment before

  std::uint64_t depth_ = 0;            ///< in Skip and Seek: brackets open, the innermost wanted one included
  std::uint64_t previous_quotes_ = 0;  ///< the last block's quotes that begin a string
  bool deep_ = false;
  bool done_ = false;
  std::uint64_t tail_bytes_ = 0;
};

}  // namespace brood::report
