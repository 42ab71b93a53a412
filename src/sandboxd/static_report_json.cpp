#include "sandboxd/static_report_json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/utf8.hpp"

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

double Epoch(Time time) { return static_cast<double>(ToMillis(time)) / 1'000.0; }

json::object InfoObject(const Task& task, const StaticFindings& findings) {
  const TaskRequest& request = *task.request;
  const Time started = task.started.value_or(task.added);
  const json::object machine{{"name", "static"},
                             {"label", "static"},
                             {"manager", "brood static engine"},
                             {"status", "stopped"},
                             {"started_on", FormatUtc(started)},
                             {"shutdown_on", FormatUtc(findings.ended)}};
  return {{"added", Epoch(task.added)},
          {"started", Epoch(started)},
          {"ended", Epoch(findings.ended)},
          {"duration", std::chrono::duration_cast<std::chrono::seconds>(findings.ended - started).count()},
          {"id", task.id},
          {"category", task.sample ? "file" : "url"},
          {"custom", request.custom},
          {"owner", request.owner},
          {"score", inspect::Score(findings.signatures)},
          {"package", request.package},
          {"platform", "static"},
          {"route", "none"},
          {"options", request.options},
          {"machine", machine},
          {"version", "2.0.7"},
          {"brood", {{"engine", "static"}, {"version", BROOD_VERSION}}}};
}

json::object FileObject(const std::string& name, const Sample& sample) {
  return {{"name", name},
          {"size", sample.size},
          {"type", sample.type},
          {"md5", sample.digests.md5},
          {"sha1", sample.digests.sha1},
          {"sha256", sample.digests.sha256},
          {"sha512", sample.digests.sha512},
          {"crc32", fmt::format("{:08X}", sample.crc32)},
          {"ssdeep", nullptr}};
}

json::object TargetObject(const Task& task) {
  const std::string& target = task.request->target;
  if (task.sample) return {{"category", "file"}, {"file", FileObject(target, *task.sample)}};
  const Digests digests = DigestAll(target);
  return {{"category", "url"}, {"url", target}, {"url_md5", digests.md5}, {"url_sha256", digests.sha256}};
}

json::array SignatureArray(const std::vector<inspect::Signature>& signatures) {
  json::array array;
  for (const inspect::Signature& signature : signatures) {
    json::array marks;
    for (const inspect::Mark& mark : signature.marks) {
      marks.push_back({{"type", "generic"}, {"what", mark.what}, {"offset", mark.offset}});
    }
    const std::size_t count = marks.size();
    array.push_back({{"name", signature.name},
                     {"severity", signature.severity},
                     {"description", signature.description},
                     {"families", json::array()},
                     {"references", json::array()},
                     {"ttp", json::object()},
                     {"markcount", count},
                     {"marks", std::move(marks)}});
  }
  return array;
}

json::object PeObject(const inspect::PeFacts& pe) {
  json::array sections;
  for (const inspect::PeSection& section : pe.sections) {
    sections.push_back({{"name", section.name},
                        {"virtual_address", fmt::format("0x{:08x}", section.virtual_address)},
                        {"virtual_size", fmt::format("0x{:08x}", section.virtual_size)},
                        {"size_of_data", fmt::format("0x{:08x}", section.raw_size)},
                        {"entropy", section.entropy}});
  }
  return {{"machine", pe.machine},
          {"kind", pe.kind},
          {"is_64bit", pe.is_64bit},
          {"subsystem", pe.subsystem},
          {"timestamp", FormatUtc(Time{std::chrono::seconds{pe.timestamp}})},
          {"entry_point", fmt::format("0x{:08x}", pe.entry_point)},
          {"sections", std::move(sections)},
          {"imports", json::array(pe.imports.begin(), pe.imports.end())},
          {"overlay_bytes", pe.overlay_bytes}};
}

json::object ElfObject(const inspect::ElfFacts& elf) {
  return {{"machine", elf.machine},         {"type", elf.type},
          {"is_64bit", elf.is_64bit},       {"big_endian", elf.big_endian},
          {"interpreter", elf.interpreter}, {"needed", json::array(elf.needed.begin(), elf.needed.end())},
          {"stripped", elf.stripped}};
}

}  // namespace

std::string StaticReport(const Task& task, const StaticFindings& findings) {
  json::object facts;
  if (findings.pe) facts["pe"] = PeObject(*findings.pe);
  if (findings.elf) facts["elf"] = ElfObject(*findings.elf);
  const json::object debug{{"log", json::array{"The static engine looked at the file and did not run it."}},
                           {"errors", json::array(findings.errors.begin(), findings.errors.end())}};
  return json::serialize(
      json::object{{"info", InfoObject(task, findings)},
                   {"target", TargetObject(task)},
                   {"signatures", SignatureArray(findings.signatures)},
                   {"static", std::move(facts)},
                   {"strings", json::array(findings.strings.begin(), findings.strings.end())},
                   {"dropped", json::array()},
                   {"debug", debug}});
}

}  // namespace brood::sandboxd
