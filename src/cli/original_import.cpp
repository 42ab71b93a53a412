#include "cli/original_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "cli/original_files.hpp"
#include "cli/settings.hpp"
#include "config/front_ends.hpp"

namespace brood::cli {
namespace {

using config::Assignment;
using config::Assignments;

constexpr std::string_view kNode = "sandbox.node[0]";

/// Where a value stands in the file: "sandbox.node[2].url" is {"sandbox.node", 2, "url"}.
struct Slot {
  std::string table;
  std::optional<std::size_t> index;
  std::string key;
  auto operator<=>(const Slot&) const = default;

  [[nodiscard]] std::string Element() const { return index ? config::ElementKey(table, *index) : table; }
  [[nodiscard]] std::string Heading() const { return index ? "[[" + table + "]]" : "[" + table + "]"; }
};

Slot SlotOf(const std::string& path, std::size_t node) {
  const std::size_t dot = path.rfind('.');
  const std::string table = path.substr(0, dot), key = path.substr(dot + 1);
  if (table == kNode) return {"sandbox.node", node, key};
  return {table, std::nullopt, key};
}

class Merger {
 public:
  explicit Merger(Imported& imported) : imported_(imported) {}

  void Add(Assignments said) {
    const std::size_t node = PlaceOfNode(said);
    for (Assignment& assignment : said) {
      if (std::holds_alternative<config::TableMark>(assignment.value)) continue;
      const Slot slot = SlotOf(assignment.key, node);
      assignment.key = slot.Element() + "." + slot.key;
      AddOne(slot, std::move(assignment));
    }
  }

  /// In an order that Apply takes: each element of a list after its mark.
  [[nodiscard]] Assignments All() const {
    Assignments all;
    std::string last;
    for (const auto& [slot, assignment] : merged_) {
      const std::string element = slot.Element();
      if (slot.index && element != last) all.push_back({element, config::TableMark{}, assignment.place});
      last = element;
      all.push_back(assignment);
    }
    return all;
  }

  [[nodiscard]] std::string Toml() const {
    std::string toml;
    std::string last;
    for (const auto& [slot, assignment] : merged_) {
      const std::string element = slot.Element();
      if (element != last) toml += fmt::format("{}{}\n", toml.empty() ? "" : "\n", slot.Heading());
      last = element;
      toml += fmt::format("{} = {}  # {}\n", slot.key, config::TomlLiteral(assignment.value),
                          assignment.place.source);
    }
    return toml;
  }

 private:
  /// The nodes of several feeders stand beside each other; one that is named again is the same.
  std::size_t PlaceOfNode(const Assignments& said) {
    const auto url = std::ranges::find(said, std::string(kNode) + ".url", &Assignment::key);
    if (url == said.end()) return 0;
    const std::string text = config::TomlLiteral(url->value);
    const auto known = std::ranges::find(nodes_, text);
    const auto index = static_cast<std::size_t>(known - nodes_.begin());
    if (known == nodes_.end()) nodes_.push_back(text);
    return index;
  }

  void AddOne(const Slot& slot, Assignment assignment) {
    const auto [found, is_new] = merged_.try_emplace(slot, assignment);
    if (!is_new && IsUnsaid(found->second.place)) found->second = assignment;
    if (is_new || IsUnsaid(assignment.place) ||
        config::TomlLiteral(found->second.value) == config::TomlLiteral(assignment.value))
      return;
    const bool only_logs = assignment.key.starts_with("brood.log_");
    (only_logs ? imported_.warnings : imported_.problems)
        .push_back({assignment.place.source, 0, assignment.key,
                    fmt::format("differs from {}{}", found->second.place.source,
                                only_logs ? ", which is taken" : ": import them one by one")});
  }

  Imported& imported_;
  std::map<Slot, Assignment> merged_;
  std::vector<std::string> nodes_;
};

void Append(config::Problems& all, config::Problems more) { all.insert(all.end(), more.begin(), more.end()); }

}  // namespace

Imported ImportOriginals(std::span<const std::filesystem::path> files) {
  Imported imported;
  Merger merger(imported);
  for (const auto& file : files) {
    OriginalSettings read = ReadOriginalFile(file, "");
    Append(imported.problems, std::move(read.problems));
    Append(imported.warnings, std::move(read.warnings));
    merger.Add(std::move(read.assignments));
  }
  Settings settings;
  auto sections = Sections(settings);
  Append(imported.problems, config::Apply(merger.All(), sections));
  if (imported.problems.empty()) imported.toml = merger.Toml();
  return imported;
}

}  // namespace brood::cli
