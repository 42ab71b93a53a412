#include "model/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "model/json_string.hpp"

namespace brood::model {
void AppendJson(std::string& out, std::string_view text) {
  constexpr std::size_t kQuotes = 2;
  const std::size_t begin = out.size();
  out.resize(begin + EscapedSize(text) + kStringSlack + kQuotes);
  char* at = out.data() + begin;
  *at++ = '"';
  at = Escape(text, at);
  *at++ = '"';
  out.resize(static_cast<std::size_t>(at - out.data()));
}

void AppendJson(std::string& out, std::int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void AppendJson(std::string& out, double number) {
  if (!std::isfinite(number)) number = 0.0;
  std::array<char, 40> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void AppendJson(std::string& out, bool value) { out += value ? "true" : "false"; }

}  // namespace brood::model
