#include "sandboxd/inspect/pe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sandboxd/inspect/byte_view.hpp"
#include "sandboxd/inspect/entropy.hpp"

namespace brood::sandboxd::inspect {
namespace {

constexpr std::size_t kMaxSections = 96;
constexpr std::size_t kMaxImports = 256;
constexpr std::uint64_t kFileHeader = 20;  // bytes, behind the signature "PE\0\0"
constexpr std::uint64_t kSectionHeader = 40;
constexpr std::uint64_t kImportDescriptor = 20;
constexpr std::uint16_t kDllFlag = 0x2000, kSystemFlag = 0x1000;
constexpr std::uint16_t kPe32Plus = 0x20b;

std::string MachineName(std::uint16_t machine) {
  switch (machine) {
    case 0x014c:
      return "i386";
    case 0x8664:
      return "amd64";
    case 0x01c4:
      return "armnt";
    case 0xaa64:
      return "arm64";
    case 0x0200:
      return "ia64";
    default:
      return fmt::format("0x{:04x}", machine);
  }
}

std::string SubsystemName(std::uint16_t subsystem) {
  switch (subsystem) {
    case 1:
      return "native";
    case 2:
      return "windows gui";
    case 3:
      return "windows console";
    case 9:
      return "windows ce";
    case 10:
      return "efi application";
    case 16:
      return "windows boot application";
    default:
      return fmt::format("{}", subsystem);
  }
}

/// Where the parts of one file lie.
struct Layout {
  ByteView bytes;
  std::uint64_t optional_header, section_table, section_count;
  bool is_64bit;
};

std::optional<Layout> FindLayout(std::string_view file) {
  const ByteView bytes(file);
  if (bytes.Slice(0, 2) != "MZ") return std::nullopt;
  const auto header = bytes.Read<std::uint32_t>(0x3c);
  if (!header || bytes.Slice(*header, 4) != std::string_view("PE\0\0", 4)) return std::nullopt;
  const std::uint64_t optional_header = std::uint64_t{*header} + 4 + kFileHeader;
  const auto optional_size = bytes.Read<std::uint16_t>(*header + 4 + 16);
  if (!optional_size) return std::nullopt;
  return Layout{bytes, optional_header, optional_header + *optional_size,
                bytes.Get<std::uint16_t>(*header + 4 + 2),
                bytes.Get<std::uint16_t>(optional_header) == kPe32Plus};
}

std::vector<PeSection> ReadSections(const Layout& layout) {
  std::vector<PeSection> sections;
  const std::size_t count = std::min<std::size_t>(layout.section_count, kMaxSections);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = layout.section_table + i * kSectionHeader;
    if (!layout.bytes.Read<std::uint32_t>(at + kSectionHeader - 4)) break;
    PeSection section;
    for (const char c : layout.bytes.Slice(at, 8)) {
      if (c == '\0') break;
      section.name += c >= ' ' && c <= '~' ? c : '?';
    }
    section.virtual_size = layout.bytes.Get<std::uint32_t>(at + 8);
    section.virtual_address = layout.bytes.Get<std::uint32_t>(at + 12);
    section.raw_size = layout.bytes.Get<std::uint32_t>(at + 16);
    section.raw_offset = layout.bytes.Get<std::uint32_t>(at + 20);
    section.flags = layout.bytes.Get<std::uint32_t>(at + 36);
    section.entropy = Entropy(layout.bytes.Slice(section.raw_offset, section.raw_size));
    sections.push_back(std::move(section));
  }
  return sections;
}

std::optional<std::uint64_t> FileOffset(const std::vector<PeSection>& sections, std::uint64_t address) {
  for (const PeSection& section : sections) {
    const std::uint64_t size = std::max(section.virtual_size, section.raw_size);
    if (address < section.virtual_address || address >= section.virtual_address + size) continue;
    return address - section.virtual_address + section.raw_offset;
  }
  return std::nullopt;
}

std::vector<std::string> ReadImports(const Layout& layout, const std::vector<PeSection>& sections) {
  std::vector<std::string> imports;
  const std::uint64_t directory =
      layout.optional_header + (layout.is_64bit ? 112 : 96) + 8;  // the second entry
  const auto address = layout.bytes.Read<std::uint32_t>(directory);
  if (!address || *address == 0) return imports;
  const auto table = FileOffset(sections, *address);
  for (std::size_t i = 0; table && i < kMaxImports; ++i) {
    const auto name_address = layout.bytes.Read<std::uint32_t>(*table + i * kImportDescriptor + 12);
    if (!name_address || *name_address == 0) break;
    const auto name_offset = FileOffset(sections, *name_address);
    const auto name = name_offset ? layout.bytes.Text(*name_offset) : std::nullopt;
    if (!name || name->empty()) continue;
    if (std::find(imports.begin(), imports.end(), *name) == imports.end()) imports.emplace_back(*name);
  }
  return imports;
}

std::uint64_t OverlayBytes(const std::vector<PeSection>& sections, std::uint64_t file_size) {
  std::uint64_t end = 0;
  for (const PeSection& section : sections) {
    end = std::max(end, std::uint64_t{section.raw_offset} + section.raw_size);
  }
  return !sections.empty() && end < file_size ? file_size - end : 0;
}

}  // namespace

std::optional<PeFacts> ReadPe(std::string_view file) {
  const auto layout = FindLayout(file);
  if (!layout) return std::nullopt;
  const std::uint64_t file_header = layout->optional_header - kFileHeader;
  const auto flags = layout->bytes.Get<std::uint16_t>(file_header + 18);
  PeFacts facts;
  facts.machine = MachineName(layout->bytes.Get<std::uint16_t>(file_header));
  facts.timestamp = layout->bytes.Get<std::uint32_t>(file_header + 4);
  facts.kind = (flags & kDllFlag) != 0 ? "dll" : (flags & kSystemFlag) != 0 ? "sys" : "exe";
  facts.is_64bit = layout->is_64bit;
  facts.entry_point = layout->bytes.Get<std::uint32_t>(layout->optional_header + 16);
  facts.subsystem = SubsystemName(layout->bytes.Get<std::uint16_t>(layout->optional_header + 68));
  facts.sections = ReadSections(*layout);
  facts.imports = ReadImports(*layout, facts.sections);
  facts.overlay_bytes = OverlayBytes(facts.sections, file.size());
  return facts;
}

}  // namespace brood::sandboxd::inspect
