#include "broker/sqlite/headers_text.hpp"

#include <charconv>

namespace brood::broker::sqlite {
namespace {

void AppendPiece(std::string& out, std::string_view piece) {
  out += std::to_string(piece.size());
  out += ':';
  out += piece;
}

std::optional<std::string> CutPiece(std::string_view& text) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ':') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  if (size > text.size()) return std::nullopt;
  std::string piece(text.substr(0, size));
  text.remove_prefix(size);
  return piece;
}

}  // namespace

std::string EncodeHeaders(const Headers& headers) {
  std::string out;
  for (const auto& [key, value] : headers) {
    AppendPiece(out, key);
    AppendPiece(out, value);
  }
  return out;
}

std::optional<Headers> DecodeHeaders(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    auto key = CutPiece(text);
    if (!key) return std::nullopt;
    auto value = CutPiece(text);
    if (!value) return std::nullopt;
    headers.insert_or_assign(std::move(*key), std::move(*value));
  }
  return headers;
}

}  // namespace brood::broker::sqlite
