#include "config/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "config/front_ends.hpp"

namespace brood::config {
namespace {

constexpr std::size_t kWidth = 110;

constexpr std::string_view kHead =
    "Every setting of brood with its default, commented out: take the # off to change one. A setting may also "
    "come "
    "from the environment (BROOD_FEED_CUCKOO_MAX_PENDING for max_pending in [feed_cuckoo]) and from the "
    "command line "
    "(--feed_cuckoo.max_pending=20), which win over this file, the command line over the environment.";

/// `text` as comment lines of at most kWidth columns.
void AppendComment(std::string& out, std::string_view text) {
  std::string line = "#";
  for (const std::string_view word : Split(text, ' ')) {
    if (line.size() > 1 && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line = "#";
    }
    line.append(" ").append(word);
  }
  out += line + "\n";
}

/// "Wait at this many. (1 to 9 tasks)"
std::string Explained(const Row& row) {
  std::string text = row.sentence;
  if (const std::string constraint = row.field->Constraint(); !constraint.empty())
    text += " (" + constraint + ")";
  if (row.field->MayComeFromFile()) text += fmt::format(" (or {}_file: a file that holds it)", row.key);
  return text;
}

void AppendDefaults(std::string& out, const Section& section, const std::string& path) {
  for (const Row& row : section.Rows()) {
    out += '\n';
    AppendComment(out, Explained(row));
    out += fmt::format("#{} = {}\n", row.key, row.default_text);
  }
  for (const ListRow& list : section.Lists()) {
    const std::string name = path + "." + list.key;
    out += '\n';
    AppendComment(out, list.sentence);
    out += fmt::format("#[[{}]]\n", name);
    AppendDefaults(out, list.tables->Sample(), name);
  }
}

std::string Told(const Place& place) {
  switch (place.origin) {
    case Origin::kDefault:
      break;
    case Origin::kFile:
      return place.line > 0 ? fmt::format("{}:{}", place.source, place.line) : place.source;
    case Origin::kEnvironment:
      return "environment " + place.source;
    case Origin::kOverride:
      return "option " + place.source;
  }
  return "default";
}

/// `root` keeps the places of everything below it, under keys that begin with `prefix`.
struct CurrentRenderer {
  const Section& root;
  std::string& out;

  void Append(const Section& section, const std::string& path, const std::string& prefix) {
    for (const Row& row : section.Rows()) {
      const Place& place = root.PlaceOf(prefix + row.key);
      out += fmt::format("{} = {}  # {}\n", row.key, row.field->Shown(), Told(place));
    }
    for (const ListRow& list : section.Lists()) {
      for (std::size_t i = 0; i < list.tables->Size(); ++i) {
        const std::string name = path + "." + list.key;
        out += fmt::format("\n[[{}]]\n", name);
        Append(list.tables->At(i), name, ElementKey(prefix + list.key, i) + ".");
      }
    }
  }
};

}  // namespace

std::string RenderDefaults(std::span<const Section> sections) {
  std::string out;
  AppendComment(out, kHead);
  for (const Section& section : sections) {
    out += '\n';
    AppendComment(out, section.Summary());
    out += fmt::format("[{}]\n", section.Name());
    AppendDefaults(out, section, section.Name());
  }
  return out;
}

std::string RenderCurrent(std::span<const Section> sections) {
  std::string out;
  for (const Section& section : sections) {
    out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", section.Name());
    CurrentRenderer{section, out}.Append(section, section.Name(), "");
  }
  return out;
}

std::vector<HelpRow> HelpRows(const Section& section) {
  std::vector<HelpRow> rows;
  for (const Row& row : section.Rows()) {
    std::string flag = "--" + row.key;
    std::ranges::replace(flag, '_', '-');
    rows.push_back({section.Name() + "." + row.key, std::move(flag), VariableName(section.Name(), row.key),
                    row.field->ValueName(), row.sentence, row.field->Constraint(), row.default_text});
  }
  return rows;
}

std::string RenderHelp(const Section& section) {
  std::string out;
  for (const HelpRow& row : HelpRows(section)) {
    const std::string bounds = row.constraint.empty() ? "" : row.constraint + "; ";
    out += fmt::format("  {} {}\n      {} ({}default {})\n", row.flag, row.value_name, row.sentence, bounds,
                       row.default_text);
  }
  return out;
}

}  // namespace brood::config
