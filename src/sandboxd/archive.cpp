#include "sandboxd/archive.hpp"

#include <bzlib.h>
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace brood::sandboxd {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kRecord = 20 * kBlock;
constexpr std::size_t kSumAt = 148;
constexpr std::size_t kMostBytes = std::size_t{2} << 30;  // bzip2 and zlib count in 32 bits
constexpr int kBestLevel = 9;
constexpr int kGzipWindow = 15 + 16;  // the largest window, in a gzip's frame

/// POSIX.1-1988, ustar: texts with a NUL where there is room, numbers in octal. The sum is taken with its own
/// field blank.
std::string Header(const ArchiveMember& member, Time modified) {
  const bool is_folder = !member.content;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(modified).time_since_epoch().count();
  std::string header = member.name;
  header.resize(100);
  header += fmt::format("{:07o}", is_folder ? 0755 : 0644) + '\0';
  header += fmt::format("{:07o}", 0) + '\0' + fmt::format("{:07o}", 0) + '\0';  // user and group
  header += fmt::format("{:011o}", member.content.value_or("").size()) + '\0';
  header += fmt::format("{:011o}", std::max<std::int64_t>(seconds, 0)) + '\0';
  header += std::string(8, ' ');
  header += is_folder ? '5' : '0';
  header.resize(257);  // links to nothing
  header += std::string("ustar\0", 6) + "00";
  header.resize(kBlock);
  const unsigned sum = std::accumulate(header.begin(), header.end(), 0U, [](unsigned all, char c) {
    return all + static_cast<unsigned char>(c);
  });
  header.replace(kSumAt, 8, fmt::format("{:06o}", sum) + '\0' + ' ');
  return header;
}

void PadTo(std::string& tar, std::size_t block) { tar.resize((tar.size() + block - 1) / block * block); }

std::string MakeTar(const std::vector<ArchiveMember>& members, Time modified) {
  std::string tar;
  for (const ArchiveMember& member : members) {
    tar += Header(member, modified);
    tar += member.content.value_or("");
    PadTo(tar, kBlock);
  }
  tar.resize(tar.size() + 2 * kBlock);
  PadTo(tar, kRecord);
  return tar;
}

std::string Bzip2(std::string tar) {
  std::string packed(tar.size() + tar.size() / 100 + 600, '\0');  // bzip2's manual: never more
  auto size = static_cast<unsigned>(packed.size());
  const int result = ::BZ2_bzBuffToBuffCompress(packed.data(), &size, tar.data(),
                                                static_cast<unsigned>(tar.size()), kBestLevel, 0, 0);
  if (result != BZ_OK) throw std::runtime_error("bzip2 cannot pack an archive");
  packed.resize(size);
  return packed;
}

std::string Gzip(std::string tar) {
  z_stream stream{};
  if (::deflateInit2(&stream, kBestLevel, Z_DEFLATED, kGzipWindow, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib cannot pack an archive");
  }
  std::string packed(::deflateBound(&stream, tar.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(tar.data());
  stream.avail_in = static_cast<uInt>(tar.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int result = ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib cannot pack an archive");
  return packed;
}

}  // namespace

std::string MakeArchive(const std::vector<ArchiveMember>& members, Time modified, Packing packing) {
  std::string tar = MakeTar(members, modified);
  if (tar.size() > kMostBytes) throw std::length_error("an archive would be too large");
  switch (packing) {
    case Packing::kBzip2:
      return Bzip2(std::move(tar));
    case Packing::kGzip:
      return Gzip(std::move(tar));
    case Packing::kNone:
      break;
  }
  return tar;
}

}  // namespace brood::sandboxd
