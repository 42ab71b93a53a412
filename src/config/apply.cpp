#include <algorithm>
#include <map>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/check_rules.hpp"
#include "config/front_ends.hpp"
#include "config/suggest.hpp"

namespace brood::config {
namespace {

constexpr std::size_t kLongestSecret = 64 * kKiB;
constexpr std::string_view kFileSuffix = "_file";

bool IsMark(const Assignment& assignment) { return std::holds_alternative<TableMark>(assignment.value); }

/// "node[2].url" → {"node", 2, "url"}; without an index everything is `name`.
struct Step {
  std::string name;
  std::optional<std::size_t> index;
  std::string rest;
};

Step FirstStep(const std::string& key) {
  const std::size_t open = key.find('[');
  const std::size_t close = key.find(']', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return {key, {}, {}};
  const auto index = ParseInt(std::string_view(key).substr(open + 1, close - open - 1));
  const bool ends = close + 1 == key.size();
  if (!index || *index < 0 || (!ends && key[close + 1] != '.')) return {key, {}, {}};
  return {key.substr(0, open), static_cast<std::size_t>(*index), ends ? "" : key.substr(close + 2)};
}

/// The rows that a key is looked for in: a section's own or those of one element of a list below it.
struct Rows {
  Section& root;  ///< keeps the places
  const Section& rows;
  std::string prefix;  ///< of keys in `root`: "node[0]." or nothing
};

class Applier {
 public:
  explicit Applier(std::span<Section> sections) : sections_(sections) {}

  void Take(const Assignment& assignment) {
    if (IsBelowRefused(assignment.key)) return;
    Section* section = FindSection(assignment.key);
    if (section == nullptr) return RefuseSection(assignment);
    if (assignment.key == section->Name()) {
      if (!IsMark(assignment)) Refuse(assignment, "is " + KindOf(assignment.value) + ", not a section");
      return;
    }
    const Rows rows{*section, *section, ""};
    InRows(rows, assignment.key.substr(section->Name().size() + 1), assignment);
  }

  Problems Finish() {
    CheckRules(sections_, problems_);
    return std::move(problems_);
  }

 private:
  Section* FindSection(const std::string& key) const {
    Section* found = nullptr;
    for (Section& section : sections_) {
      const bool fits = key == section.Name() || key.starts_with(section.Name() + ".");
      if (fits && (found == nullptr || section.Name().size() > found->Name().size())) found = &section;
    }
    return found;
  }

  void RefuseSection(const Assignment& assignment) {
    const std::string& key = assignment.key;
    std::vector<std::string> names;
    for (const Section& section : sections_) {
      // [sandbox] is fine as the parent of [sandbox.static].
      if (IsMark(assignment) && section.Name().starts_with(key + ".")) return;
      names.push_back(section.Name());
    }
    const Step step = FirstStep(key);
    if (step.index && std::ranges::find(names, step.name) != names.end()) {
      return Refuse(assignment, "is one section, [" + step.name + "], not a list");
    }
    const std::string name = IsMark(assignment) ? step.name : key.substr(0, key.rfind('.'));
    const bool outside = name.find('.') == std::string::npos && name == key && !IsMark(assignment);
    Refuse(assignment, outside ? "stands outside any section" : "unknown section" + DidYouMean(name, names));
  }

  void InRows(const Rows& rows, const std::string& key, const Assignment& assignment) {
    const Step step = FirstStep(key);
    if (step.index) {
      if (const ListRow* list = rows.rows.FindList(step.name)) return InList(rows, *list, step, assignment);
    } else if (const Row* row = rows.rows.FindRow(key)) {
      return Write(rows, *row, assignment, assignment.value);
    } else if (const Row* secret = SecretOfFile(rows.rows, key)) {
      return WriteFromFile(rows, *secret, assignment);
    } else if (const ListRow* list = rows.rows.FindList(key)) {
      return WholeList(rows, *list, assignment);
    }
    RefuseKey(rows.rows, step, assignment);
  }

  void InList(const Rows& rows, const ListRow& list, const Step& step, const Assignment& assignment) {
    const std::string element = ElementKey(rows.prefix + list.key, *step.index);
    TableList& tables = *list.tables;
    const bool begins = step.rest.empty() && IsMark(assignment);
    if (begins && *step.index == 0) {  // a source's list replaces the former one
      tables.Resize(0);
      rows.root.ForgetPlaces(rows.prefix + list.key + "[");
    }
    if (*step.index > tables.Size()) {
      return Refuse(assignment, "there are only " + std::to_string(tables.Size()) + " of them");
    }
    if (step.rest.empty() && !begins) {
      return Refuse(assignment, "is " + KindOf(assignment.value) + ", not a table");
    }
    if (*step.index == tables.Size()) {
      tables.Resize(*step.index + 1);
      rows.root.SetPlace(element, assignment.place);
    }
    if (begins) return;
    const Section section = tables.At(*step.index);
    InRows({rows.root, section, element + "."}, step.rest, assignment);
  }

  /// `node = []` empties a list; nothing else sets one as a whole.
  void WholeList(const Rows& rows, const ListRow& list, const Assignment& assignment) {
    const auto* texts = std::get_if<std::vector<std::string>>(&assignment.value);
    if (texts == nullptr || !texts->empty()) {
      return Refuse(assignment, "is " + KindOf(assignment.value) + ", not a list of tables [[…]]");
    }
    list.tables->Resize(0);
    rows.root.ForgetPlaces(rows.prefix + list.key + "[");
  }

  void Write(const Rows& rows, const Row& row, const Assignment& assignment, const Value& value) {
    const std::string path = rows.prefix + row.key;
    if (row.field->MayComeFromFile() && SaidTwice(rows, path, assignment)) {
      return Refuse(assignment, row.key + " and " + row.key + std::string(kFileSuffix) + " are both given");
    }
    if (auto written = row.field->Assign(value); !written) return Refuse(assignment, written.error());
    rows.root.SetPlace(path, assignment.place);
    said_as_[&rows.root][path] = assignment.key;
  }

  bool SaidTwice(const Rows& rows, const std::string& path, const Assignment& assignment) {
    const std::string& before = said_as_[&rows.root][path];
    return !before.empty() && before != assignment.key &&
           rows.root.PlaceOf(path).origin == assignment.place.origin;
  }

  static const Row* SecretOfFile(const Section& rows, std::string_view key) {
    if (!key.ends_with(kFileSuffix)) return nullptr;
    const Row* row = rows.FindRow(key.substr(0, key.size() - kFileSuffix.size()));
    return row != nullptr && row->field->MayComeFromFile() ? row : nullptr;
  }

  void WriteFromFile(const Rows& rows, const Row& row, const Assignment& assignment) {
    std::filesystem::path path;
    if (auto read = MakePath(path)->Assign(assignment.value); !read) return Refuse(assignment, read.error());
    const auto content = ReadFile(path, kLongestSecret);
    if (!content) return Refuse(assignment, "cannot be read: " + Describe(content.error()));
    const std::string secret(TrimAscii(*content));
    if (secret.empty()) return Refuse(assignment, "the file " + Quoted(path.string()) + " is empty");
    Write(rows, row, assignment, FreeText{secret});
  }

  void RefuseKey(const Section& rows, const Step& step, const Assignment& assignment) {
    std::vector<std::string> names;
    for (const Row& row : rows.Rows()) {
      names.push_back(row.key);
      if (row.field->MayComeFromFile()) names.push_back(row.key + std::string(kFileSuffix));
    }
    for (const ListRow& list : rows.Lists()) names.push_back(list.key);
    if (step.index && std::ranges::find(names, step.name) != names.end()) {
      return Refuse(assignment, "is one value, not a list of tables");
    }
    Refuse(assignment, "unknown key" + DidYouMean(step.name, names));
  }

  /// What stands below a refused table is not told again.
  void Refuse(const Assignment& assignment, std::string what) {
    const Place& place = assignment.place;
    problems_.push_back({place.source, place.line, assignment.key, std::move(what)});
    if (!IsMark(assignment)) return;
    const bool list = assignment.key.ends_with(']');
    refused_.push_back(list ? assignment.key.substr(0, assignment.key.rfind('[')) : assignment.key);
  }

  bool IsBelowRefused(const std::string& key) const {
    return std::ranges::any_of(refused_, [&](const std::string& table) {
      return key.size() > table.size() && key.starts_with(table) &&
             (key[table.size()] == '.' || key[table.size()] == '[');
    });
  }

  std::span<Section> sections_;
  Problems problems_;
  std::vector<std::string> refused_;
  std::map<const Section*, std::map<std::string, std::string>> said_as_;
};

}  // namespace

Problems Apply(const Assignments& assignments, std::span<Section> sections) {
  Applier applier(sections);
  for (const Assignment& assignment : assignments) applier.Take(assignment);
  return applier.Finish();
}

}  // namespace brood::config
