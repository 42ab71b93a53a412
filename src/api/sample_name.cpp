#include "api/sample_name.hpp"

#include "base/utf8.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kMaxBytes = 255;

bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// At most kMaxBytes, cut between two characters.
void Cut(std::string& text) {
  if (text.size() <= kMaxBytes) return;
  std::size_t end = kMaxBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
}

}  // namespace

std::string CleanName(std::string_view name) {
  std::string clean;
  for (const char c : name) {
    if (c == '/' || c == '\\') {
      clean.clear();
    } else if (!IsControl(c)) {
      clean += c;
    }
  }
  clean = MakeUtf8(clean);
  Cut(clean);
  return clean == "." || clean == ".." ? "" : clean;
}

}  // namespace brood::api
