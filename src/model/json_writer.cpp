#include "model/json_writer.hpp"

#include <algorithm>

#include "model/json_string.hpp"
#include "model/json_text.hpp"

namespace brood::model {
namespace {

constexpr std::size_t kHandedOn = 64U << 10U;
constexpr std::size_t kPiece = 4U << 10U;  ///< of a text: there must be room for its worst case

}  // namespace

void JsonWriter::Raw(std::string_view json) {
  while (!json.empty()) {
    const std::string_view piece = json.substr(0, kPiece);
    WroteUpTo(std::copy(piece.begin(), piece.end(), Room(piece.size())));
    json.remove_prefix(piece.size());
  }
}

void JsonWriter::Text(std::string_view text) {
  constexpr std::size_t kQuotes = 2;
  std::string_view piece = text.substr(0, kPiece);
  char* at = Room(kWorstEscape * piece.size() + kStringSlack + kQuotes);
  *at++ = '"';
  at = Escape(piece, at);
  while (piece.size() < text.size()) {
    WroteUpTo(at);
    text.remove_prefix(piece.size());
    piece = text.substr(0, kPiece);
    at = Escape(piece, Room(kWorstEscape * piece.size() + kStringSlack + kQuotes));
  }
  *at++ = '"';
  WroteUpTo(at);
}

void JsonWriter::Value(std::int64_t number) {
  std::string text;
  AppendJson(text, number);
  Raw(text);
}

void JsonWriter::Value(double number) {
  std::string text;
  AppendJson(text, number);
  Raw(text);
}

void JsonWriter::Value(bool value) { Raw(value ? "true" : "false"); }

std::string JsonWriter::Take() && {
  buffer_.resize(used_);
  return std::move(buffer_);
}

void JsonWriter::Flush() {
  if (used_ > 0) sink_(std::string_view(buffer_).substr(0, used_));
  used_ = 0;
}

void JsonWriter::Grow(std::size_t size) {
  if (!sink_) return buffer_.resize(std::max(2 * buffer_.size(), used_ + size));
  Flush();
  buffer_.resize(std::max({buffer_.size(), size, kHandedOn}));
}

}  // namespace brood::model
