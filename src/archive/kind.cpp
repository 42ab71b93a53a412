#include "archive/kind.hpp"

namespace brood::archive {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kTarMagicAt = 257;
constexpr std::size_t kTarBlock = 512;

bool IsEmptyTar(std::string_view head) {
  return head.size() >= kTarBlock && head.substr(0, kTarBlock).find_first_not_of('\0') == head.npos;
}

}  // namespace

std::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kTar:
      return "tar";
    case Kind::kTarBzip2:
      return "tar.bz2";
    case Kind::kTarGzip:
      return "tar.gz";
    case Kind::kZip:
      return "zip";
    case Kind::kSevenZip:
      return "7z";
  }
  return "";
}

std::optional<Kind> KindOf(std::string_view head) {
  if (head.starts_with("BZh")) return Kind::kTarBzip2;
  if (head.starts_with("\x1F\x8B"sv)) return Kind::kTarGzip;
  if (head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv)) return Kind::kZip;
  if (head.starts_with("7z\xBC\xAF\x27\x1C"sv)) return Kind::kSevenZip;
  if (head.size() > kTarMagicAt && head.substr(kTarMagicAt).starts_with("ustar")) return Kind::kTar;
  if (IsEmptyTar(head)) return Kind::kTar;
  return std::nullopt;
}

}  // namespace brood::archive
