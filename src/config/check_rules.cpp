#include "config/check_rules.hpp"

#include <algorithm>

namespace brood::config {
namespace {

/// Looks at one section (`root`) and at the elements below it, whose places the section keeps.
struct RuleChecker {
  const Section& root;
  Problems& problems;

  /// `prefix` stands before the keys of `rows` in the root; `table` is where those rows' table begins.
  void Check(const Section& rows, const std::string& prefix, const Place& table) {
    for (const auto& [key, complaint] : rows.Checks()) {
      if (std::string what = complaint(); !what.empty()) Tell(prefix + key, std::move(what), table);
    }
    for (const ListRow& list : rows.Lists()) {
      for (std::size_t i = 0; i < list.tables->Size(); ++i) {
        const std::string element = ElementKey(prefix + list.key, i);
        Check(list.tables->At(i), element + ".", root.PlaceOf(element));
      }
    }
  }

  void Tell(const std::string& path, std::string what, const Place& table) {
    const std::string key = root.Name() + "." + path;
    const auto is_told = [&](const Problem& each) { return each.key == key || each.key == key + "_file"; };
    if (std::ranges::any_of(problems, is_told)) return;
    const Place& own = root.PlaceOf(path);
    const Place& place = own.origin == Origin::kDefault ? table : own;
    problems.push_back({place.source, place.line, key, std::move(what)});
  }
};

}  // namespace

void CheckRules(std::span<const Section> sections, Problems& problems) {
  for (const Section& section : sections) RuleChecker{section, problems}.Check(section, "", {});
}

}  // namespace brood::config
