#include "archive/testing/make_tar.hpp"

#include <cstdio>
#include <numeric>

namespace brood::archive::testing {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kSumAt = 148, kTypeAt = 156, kLinkAt = 157, kMagicAt = 257;

std::string Octal(std::uint64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

std::string TarHeader(std::string_view name, std::uint64_t size, char type, std::string_view link) {
  std::string header(kBlock, '\0');
  header.replace(0, std::min<std::size_t>(name.size(), 100), name.substr(0, 100));
  header.replace(100, 7, "0000644");
  header.replace(108, 7, "0000000");
  header.replace(116, 7, "0000000");
  header.replace(124, 11, Octal(size, 11));
  header.replace(136, 11, "00000000000");
  header.replace(kSumAt, 8, "        ");
  header[kTypeAt] = type;
  header.replace(kLinkAt, link.size(), link);
  header.replace(kMagicAt, 8,
                 std::string_view("ustar\0"
                                  "00",
                                  8));
  const unsigned sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned all, char c) {
    return all + static_cast<unsigned char>(c);
  });
  header.replace(kSumAt, 8, Octal(sum, 6) + std::string("\0 ", 2));
  return header;
}

std::string TarMember(std::string_view name, std::string_view content, char type, std::string_view link) {
  std::string member = TarHeader(name, content.size(), type, link);
  member += content;
  member.resize((member.size() + kBlock - 1) / kBlock * kBlock);
  return member;
}

std::string TarEnd() { return std::string(2 * kBlock, '\0'); }

}  // namespace brood::archive::testing
