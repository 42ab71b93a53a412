#include "cli/report_show.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <vector>

#include "base/text.hpp"
#include "cli/process_tree.hpp"
#include "cli/report_page.hpp"

namespace brood::cli {
namespace {

using Mood = ReportPage::Mood;

constexpr std::size_t kShownItems = 5, kShownProcesses = 60, kDeepestIndent = 10;

Mood OfSeverity(std::int64_t severity) {
  return severity >= 3 ? Mood::kAlarm : severity == 2 ? Mood::kWarning : Mood::kCalm;
}

Mood OfScore(double score) { return score >= 7 ? Mood::kAlarm : score >= 4 ? Mood::kWarning : Mood::kCalm; }

void ShowHead(const report::ReadResult& read, ReportPage& page) {
  const model::Report& report = read.report;
  page.Field("File", report.binary_name);
  page.Field("Type", report.file_type);
  page.Field("MD5", report.md5);
  page.Field("SHA-1", report.sha1);
  page.Field("SHA-256", report.sha256);
  page.Field("Sandbox", report.cuckoo_version);
  page.Field("Machine", report.machine_info.name);
  page.Field("Platform", read.facts.platform);
  page.Field("Date", report.date);
  page.Field("Options", report.cuckoo_options);
  page.Field("Score", fmt::format("{:.1f}", report.score), OfScore(report.score));
  if (report.vt_matched > 0) page.Field("VirusTotal", fmt::format("{} engines", report.vt_matched));
  if (!read.facts.has_behavior) page.Field("Behaviour", "none was seen", Mood::kWarning);
}

void ShowSignatures(const model::Report& report, ReportPage& page) {
  if (report.signature.empty()) return;
  std::vector<const model::Signature*> signatures;
  for (const auto& signature : report.signature) signatures.push_back(&signature);
  std::stable_sort(signatures.begin(), signatures.end(),
                   [](const auto* a, const auto* b) { return a->severity > b->severity; });
  page.Heading("Signatures, by severity", signatures.size());
  constexpr std::size_t kShownSignatures = 30;
  for (std::size_t i = 0; i < std::min(signatures.size(), kShownSignatures); ++i) {
    const model::Signature& signature = *signatures[i];
    page.Line(fmt::format("{} {}", signature.severity, Shorten(signature.name, 60)), signature.description,
              OfSeverity(signature.severity));
  }
  page.More(signatures.size() - std::min(signatures.size(), kShownSignatures));
}

std::string ProcessMark(const model::SeenProcess& process, std::size_t depth) {
  std::string mark(2 * std::min(depth, kDeepestIndent), ' ');
  if (depth > 0) mark += "└ ";
  mark += process.name.empty() ? "?" : Shorten(process.name, 60);
  if (process.id) mark += fmt::format(" ({})", *process.id);
  return mark;
}

/// The report's processes stand in front of the commands in the document's list, in the same order.
void ShowProcesses(const report::ReadResult& read, ReportPage& page) {
  const auto& named = read.report.process;
  if (!read.processes.empty()) page.Heading("Processes", read.processes.size());
  const auto tree = ProcessTree(read.processes);
  for (std::size_t i = 0; i < std::min(tree.size(), kShownProcesses); ++i) {
    const std::size_t at = tree[i].process;
    page.Line(ProcessMark(read.processes[at], tree[i].depth), at < named.size() ? named[at].command_line : "");
  }
  page.More(tree.size() - std::min(tree.size(), kShownProcesses));
  if (named.size() <= read.processes.size()) return;
  const std::size_t commands = named.size() - read.processes.size();
  page.Heading("Further command lines", commands);
  for (std::size_t i = 0; i < std::min(commands, kShownItems); ++i)
    page.Line(named[read.processes.size() + i].command_line, "");
  page.More(commands - std::min(commands, kShownItems));
}

/// The first few of a list, each made a line by `text`.
template <class List, class Text>
void ShowList(std::string_view title, const List& list, ReportPage& page, const Text& text) {
  if (list.empty()) return;
  page.Heading(title, list.size());
  std::size_t shown = 0;
  for (const auto& item : list) {
    if (shown == kShownItems) break;
    page.Line(text(item), "");
    ++shown;
  }
  page.More(list.size() - shown);
}

void ShowBehaviour(const model::Report& report, ReportPage& page) {
  const auto show = [&](std::string_view title, const model::TextList& list) {
    ShowList(title, list, page, [](std::string_view text) { return text.substr(0, 4096); });
  };
  show("Files written", report.file_written);
  show("Files deleted", report.file_deleted);
  show("Files opened", report.file_opened);
  show("Files read", report.file_read);
  show("Folders created", report.dir_created);
  show("Registry keys written", report.regkey_written);
  show("Registry keys deleted", report.regkey_deleted);
  show("Registry keys opened", report.regkey_opened);
  show("Registry keys read", report.regkey_read);
  show("Mutexes", report.mutex);
  show("Libraries loaded", report.dll_loaded);
}

void ShowNetwork(const model::Report& report, ReportPage& page) {
  const auto same = [](const std::string& text) { return Shorten(text, 1024); };
  const auto connection = [](const model::Connection& item) {
    return fmt::format("{} → {}:{}", Shorten(item.src, 60), Shorten(item.dst, 60), item.dport);
  };
  ShowList("Hosts", report.ip, page, same);
  ShowList("Domains", report.domain, page,
           [](const auto& item) { return Shorten(item.domain, 256) + " " + Shorten(item.ip, 60); });
  ShowList("HTTP requests", report.http, page,
           [](const auto& item) { return Shorten(item.method, 20) + " " + Shorten(item.uri, 1024); });
  ShowList("HTTP exchanges", report.http_ex, page,
           [](const auto& item) { return Shorten(item.host, 256) + " " + Shorten(item.uri, 1024); });
  ShowList("TCP connections", report.tcp, page, connection);
  ShowList("UDP connections", report.udp, page, connection);
  ShowList("Dead hosts", report.dead_host, page, same);
}

void ShowNotes(const report::ReadResult& read, ReportPage& page) {
  ShowList("The sandbox's errors", read.facts.errors, page, [](const std::string& text) { return text; });
  ShowList("Could not be read", read.report.parse_notes, page, [](const model::ParseNote& note) {
    return fmt::format("{}: {}, {} times", note.path, note.what, note.times);
  });
}

}  // namespace

std::string ShowReport(const report::ReadResult& read, const ShowStyle& style) {
  ReportPage page(style);
  ShowHead(read, page);
  ShowSignatures(read.report, page);
  ShowProcesses(read, page);
  ShowBehaviour(read.report, page);
  ShowNetwork(read.report, page);
  ShowList("Strings", read.report.string, page, [](std::string_view text) { return text.substr(0, 4096); });
  ShowNotes(read, page);
  return page.Take();
}

ShowStyle TerminalStyle() {
  constexpr std::size_t kNarrowest = 40;
  ShowStyle style;
  if (::isatty(STDOUT_FILENO) != 1) return style;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = std::max<std::size_t>(size.ws_col, kNarrowest);
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool plain = (no_colour != nullptr && *no_colour != '\0') || terminal == nullptr ||
                     std::string_view(terminal) == "dumb";
  if (!plain) style.colour = Colour::kAnsi;
  return style;
}

}  // namespace brood::cli
