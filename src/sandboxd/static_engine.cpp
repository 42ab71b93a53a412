#include "sandboxd/static_engine.hpp"

#include <fmt/format.h>

#include "base/file.hpp"
#include "sandboxd/inspect/strings.hpp"

namespace brood::sandboxd {
namespace {

constexpr double kHighEntropy = 7.2;               // compressed or encrypted; code and text stay below 6.8
constexpr std::uint32_t kEnoughBytes = 4'096;      // fewer say little
constexpr std::uint32_t kExecutable = 0x20000000;  // IMAGE_SCN_MEM_EXECUTE

/// What the headers of a PE file give away.
std::vector<inspect::Signature> PeSignatures(const inspect::PeFacts& pe) {
  inspect::Signature packed{
      "pe_high_entropy_section", "A section that holds code looks compressed or encrypted", 2, {}};
  for (const inspect::PeSection& section : pe.sections) {
    const bool holds_code = (section.flags & kExecutable) != 0;
    if (!holds_code || section.raw_size < kEnoughBytes || section.entropy < kHighEntropy) continue;
    packed.marks.push_back({section.name, section.raw_offset});
  }
  if (packed.marks.empty()) return {};
  return {packed};
}

}  // namespace

StaticEngine::StaticEngine(inspect::YaraRules rules, std::filesystem::path reports, const SampleFolder& samples,
                           Clock& clock)
    : rules_(std::move(rules)), reports_(std::move(reports)), samples_(samples), clock_(clock) {}

Expected<StaticFindings, Error> StaticEngine::LookAt(const Sample& sample) const {
  const auto bytes = ReadFile(samples_.PathOf(sample.digests.sha256));
  if (!bytes) return Unexpected(bytes.error());
  if (Sha256Hex(*bytes) != sample.digests.sha256) {
    return Unexpected(Permanent("the stored sample " + sample.digests.sha256 + " is damaged"));
  }
  StaticFindings findings;
  auto matched = rules_.Match(*bytes);
  if (matched) {
    findings.signatures = std::move(*matched);
  } else {
    findings.errors.push_back(Describe(matched.error()));
  }
  findings.strings = inspect::FindStrings(*bytes);
  findings.pe = inspect::ReadPe(*bytes);
  findings.elf = inspect::ReadElf(*bytes);
  if (findings.pe) {
    for (auto& signature : PeSignatures(*findings.pe)) findings.signatures.push_back(std::move(signature));
  }
  return findings;
}

Expected<void, Error> StaticEngine::Analyse(const Task& task) {
  Expected<StaticFindings, Error> findings{};
  if (task.sample) {
    findings = LookAt(*task.sample);
  } else {
    findings->errors.emplace_back("The static engine does not visit URLs: nothing is known but the address.");
  }
  if (!findings) return Unexpected(findings.error());
  findings->ended = clock_.Now();
  return WriteWhole(PathOf(task.id), StaticReport(task, *findings));
}

Expected<ReportBody, Error> StaticEngine::Report(const Task& task) {
  ReportBody body;
  body.file = PathOf(task.id);
  if (std::filesystem::exists(body.file)) return body;
  return Unexpected(Permanent("the report file is gone: " + body.file.string()));
}

void StaticEngine::Forget(std::int64_t task) {
  std::error_code ignored;
  std::filesystem::remove(PathOf(task), ignored);
}

}  // namespace brood::sandboxd
