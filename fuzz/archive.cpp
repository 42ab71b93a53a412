// Archives of every kind through the reader. Limits hold, and what comes out is text and bytes.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "archive/reader.hpp"
#include "base/unique_fd.hpp"
#include "base/utf8.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace archive = brood::archive;
  const brood::UniqueFd file(::memfd_create("archive", 0));
  if (::write(file.Get(), data, size) != static_cast<ssize_t>(size)) return 0;
  archive::Options options;
  options.kinds = {archive::Kind::kTar, archive::Kind::kTarBzip2, archive::Kind::kTarGzip, archive::Kind::kZip,
                   archive::Kind::kSevenZip};
  options.limits.max_total_bytes = 1U << 20U;
  options.limits.max_members = 100;
  options.password = brood::Secret("infected");
  auto reader = archive::Reader::Open("/proc/self/fd/" + std::to_string(file.Get()), options);
  while (reader) {
    const auto member = reader->Next();
    if (!member || !*member) break;
    brood::fuzz::Require(brood::IsUtf8((*member)->name), "a name is text");
    auto piece = reader->Read();
    while (piece && !piece->empty()) piece = reader->Read();
    if (!piece && piece.error().code != archive::ReadError::Code::kMemberTooLarge) break;
  }
  brood::fuzz::Require(!reader || reader->Unpacked() <= (1U << 20U) + (64U << 10U), "the limit holds");
  return 0;
}
