#include "sandboxd/inspect/elf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "sandboxd/inspect/byte_view.hpp"

namespace brood::sandboxd::inspect {
namespace {

constexpr std::size_t kMaxHeaders = 256;
constexpr std::size_t kMaxDynamic = 1'024;
constexpr std::size_t kMaxNeeded = 256;
constexpr std::uint32_t kLoad = 1, kDynamic = 2, kInterp = 3;
constexpr std::uint64_t kNeeded = 1, kStringTable = 5;
constexpr std::uint32_t kSymbolTable = 2;

std::string MachineName(std::uint16_t machine) {
  switch (machine) {
    case 2:
      return "sparc";
    case 3:
      return "x86";
    case 8:
      return "mips";
    case 20:
      return "powerpc";
    case 21:
      return "powerpc64";
    case 40:
      return "arm";
    case 42:
      return "sh";
    case 62:
      return "x86-64";
    case 183:
      return "aarch64";
    case 243:
      return "riscv";
    default:
      return fmt::format("{}", machine);
  }
}

std::string TypeName(std::uint16_t type) {
  switch (type) {
    case 1:
      return "relocatable";
    case 2:
      return "executable";
    case 3:
      return "shared object";
    case 4:
      return "core";
    default:
      return fmt::format("{}", type);
  }
}

struct Segment {
  std::uint32_t type = 0;
  std::uint64_t offset = 0, address = 0, size = 0;
};

/// The two widths of the format behind one face.
class ElfFile {
 public:
  ElfFile(std::string_view bytes, bool is_64bit, Endian endian) : bytes_(bytes, endian), wide_(is_64bit) {}

  const ByteView& Bytes() const { return bytes_; }
  std::uint64_t Word(std::uint64_t offset) const {
    return wide_ ? bytes_.Get<std::uint64_t>(offset) : bytes_.Get<std::uint32_t>(offset);
  }
  std::uint64_t WordSize() const { return wide_ ? 8 : 4; }

  std::vector<Segment> Segments() const {
    std::vector<Segment> segments;
    const std::uint64_t table = Word(wide_ ? 32 : 28);
    const std::uint64_t size = bytes_.Get<std::uint16_t>(wide_ ? 54 : 42);
    const std::size_t count = std::min<std::size_t>(bytes_.Get<std::uint16_t>(wide_ ? 56 : 44), kMaxHeaders);
    for (std::size_t i = 0; size != 0 && i < count; ++i) {
      const std::uint64_t at = table + i * size;
      const auto type = bytes_.Read<std::uint32_t>(at);
      if (!type) break;
      segments.push_back(
          {*type, Word(at + (wide_ ? 8 : 4)), Word(at + (wide_ ? 16 : 8)), Word(at + (wide_ ? 32 : 16))});
    }
    return segments;
  }

  bool HasSymbolTable() const {
    const std::uint64_t table = Word(wide_ ? 40 : 32);
    const std::uint64_t size = bytes_.Get<std::uint16_t>(wide_ ? 58 : 46);
    const std::size_t count = std::min<std::size_t>(bytes_.Get<std::uint16_t>(wide_ ? 60 : 48), kMaxHeaders);
    for (std::size_t i = 0; table != 0 && size != 0 && i < count; ++i) {
      if (bytes_.Get<std::uint32_t>(table + i * size + 4) == kSymbolTable) return true;
    }
    return false;
  }

 private:
  ByteView bytes_;
  bool wide_;
};

const Segment* Find(const std::vector<Segment>& segments, std::uint32_t type) {
  const auto found =
      std::find_if(segments.begin(), segments.end(), [&](const auto& s) { return s.type == type; });
  return found == segments.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> FileOffset(const std::vector<Segment>& segments, std::uint64_t address) {
  for (const Segment& segment : segments) {
    if (segment.type != kLoad || address < segment.address || address - segment.address >= segment.size)
      continue;
    return address - segment.address + segment.offset;
  }
  return std::nullopt;
}

std::vector<std::string> ReadNeeded(const ElfFile& file, const std::vector<Segment>& segments) {
  const Segment* const dynamic = Find(segments, kDynamic);
  if (dynamic == nullptr) return {};
  std::vector<std::uint64_t> names;
  std::optional<std::uint64_t> strings;
  const std::uint64_t entry = 2 * file.WordSize();
  for (std::size_t i = 0; i < kMaxDynamic && (i + 1) * entry <= dynamic->size; ++i) {
    const std::uint64_t at = dynamic->offset + i * entry;
    const std::uint64_t tag = file.Word(at), value = file.Word(at + file.WordSize());
    if (tag == 0) break;
    if (tag == kNeeded && names.size() < kMaxNeeded) names.push_back(value);
    if (tag == kStringTable) strings = FileOffset(segments, value);
  }
  std::vector<std::string> needed;
  for (const std::uint64_t name : names) {
    const auto text = strings ? file.Bytes().Text(*strings + name) : std::nullopt;
    if (text && !text->empty()) needed.emplace_back(*text);
  }
  return needed;
}

}  // namespace

std::optional<ElfFacts> ReadElf(std::string_view bytes) {
  constexpr std::size_t kSmallestHeader = 52;
  if (bytes.size() < kSmallestHeader || !bytes.starts_with("\x7f"
                                                           "ELF"))
    return std::nullopt;
  ElfFacts facts;
  facts.is_64bit = bytes[4] == 2;
  facts.big_endian = bytes[5] == 2;
  const ElfFile file(bytes, facts.is_64bit, facts.big_endian ? Endian::kBig : Endian::kLittle);
  facts.type = TypeName(file.Bytes().Get<std::uint16_t>(16));
  facts.machine = MachineName(file.Bytes().Get<std::uint16_t>(18));
  const std::vector<Segment> segments = file.Segments();
  if (const Segment* interp = Find(segments, kInterp)) {
    facts.interpreter = file.Bytes().Text(interp->offset).value_or("");
  }
  facts.needed = ReadNeeded(file, segments);
  facts.stripped = !file.HasSymbolTable();
  return facts;
}

}  // namespace brood::sandboxd::inspect
