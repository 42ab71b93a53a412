#include <unistd.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "config/front_ends.hpp"
#include "config/suggest.hpp"

namespace brood::config {
namespace {

constexpr std::string_view kPrefix = "BROOD_";

std::string UpperSnake(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

std::optional<std::string> KeyOf(const Section& section, std::string_view rest);

/// "NODE_0_URL" → "node[0].url".
std::optional<std::string> ListKeyOf(const ListRow& list, std::string_view rest) {
  const std::string prefix = UpperSnake(list.key) + "_";
  if (!rest.starts_with(prefix)) return {};
  rest.remove_prefix(prefix.size());
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const auto index = ParseInt(rest.substr(0, digits));
  if (!index || digits == rest.size() || rest[digits] != '_') return {};
  const auto key = KeyOf(list.tables->Sample(), rest.substr(digits + 1));
  if (!key) return {};
  return ElementKey(list.key, static_cast<std::size_t>(*index)) + "." + *key;
}

std::optional<std::string> KeyOf(const Section& section, std::string_view rest) {
  for (const Row& row : section.Rows()) {
    if (UpperSnake(row.key) == rest) return row.key;
    if (row.field->MayComeFromFile() && UpperSnake(row.key + "_file") == rest) return row.key + "_file";
  }
  for (const ListRow& list : section.Lists()) {
    if (auto key = ListKeyOf(list, rest)) return key;
  }
  return {};
}

std::vector<std::string> VariablesOf(const Section& section) {
  std::vector<std::string> names;
  for (const Row& row : section.Rows()) names.push_back(VariableName(section.Name(), row.key));
  return names;
}

/// Which key of which section a variable means; `owner` is the section with the longest fitting name.
struct Meaning {
  const Section* owner = nullptr;
  std::optional<std::string> key;
};

Meaning MeaningOf(std::string_view variable, std::span<const Section> sections) {
  Meaning meaning;
  for (const Section& section : sections) {
    const std::string prefix = VariableName(section.Name(), "");
    if (!variable.starts_with(prefix)) continue;
    if (auto key = KeyOf(section, variable.substr(prefix.size())))
      return {&section, section.Name() + "." + *key};
    if (meaning.owner == nullptr || section.Name().size() > meaning.owner->Name().size())
      meaning.owner = &section;
  }
  return meaning;
}

}  // namespace

std::string VariableName(std::string_view section, std::string_view key) {
  return std::string(kPrefix) + UpperSnake(section) + "_" + UpperSnake(key);
}

Assignments ReadEnvironment(const Pairs& environment, std::span<const Section> sections, Problems& problems) {
  Assignments out;
  for (const auto& [name, text] : environment) {
    const Meaning meaning = MeaningOf(name, sections);
    if (meaning.key) {
      out.push_back({*meaning.key, FreeText{text}, {Origin::kEnvironment, name, 0}});
    } else if (meaning.owner != nullptr) {
      problems.push_back({name, 0, "", "no such setting" + DidYouMean(name, VariablesOf(*meaning.owner))});
    }
  }
  return out;
}

Assignments ReadOverrides(const Pairs& overrides) {
  Assignments out;
  for (const auto& [key, text] : overrides)
    out.push_back({key, FreeText{text}, {Origin::kOverride, "--" + key, 0}});
  return out;
}

Pairs ProcessEnvironment() {
  Pairs out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

}  // namespace brood::config
