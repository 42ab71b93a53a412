#include "store/sqlite/options_text.hpp"

#include <charconv>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::store::sqlite {
namespace {

constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/:, ";

void AppendEncoded(std::string& out, std::string_view text) {
  for (const char& byte : text) {
    if (kPlain.find(byte) != std::string_view::npos) {
      out += byte;
    } else {
      out += '%';
      out += ToHex({&byte, 1});
    }
  }
}

std::optional<std::string> Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

}  // namespace

std::string ToText(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options) {
    if (!text.empty()) text += '&';
    AppendEncoded(text, name);
    text += '=';
    AppendEncoded(text, value);
  }
  return text;
}

std::optional<Options> OptionsFrom(std::string_view text) {
  Options options;
  if (text.empty()) return options;
  for (const std::string_view pair : Split(text, '&')) {
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    auto name = Decoded(pair.substr(0, equals));
    auto value = Decoded(pair.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    options.emplace(std::move(*name), std::move(*value));
  }
  return options;
}

}  // namespace brood::store::sqlite
